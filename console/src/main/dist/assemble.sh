#!/bin/sh
# Makes the distribution folder target/dist from what the modules have built, then lets the JVM caches be made.
#   assemble.sh ROOT CLASSPATH_FILE CONSOLE_JAR EXAMPLES_CLASSPATH_FILE DEMO_JAR DEMO-NAME_JAR...
# Each further example is named by what its jar is called beyond the name of the demo's jar.
# The folder is replaced as a whole: a process that runs from the old one keeps the files that it has open.
set -eu
root=$1
new=$root/target/dist.new
dist=$root/target/dist
rm -rf "$new"
mkdir -p "$new/lib/cli" "$new/lib/logging" "$new/examples" "$new/aot"

IFS=:
for jar in $(cat "$2") "$3"; do
    case ${jar##*/} in
        jspecify-*) continue ;;
        console-* | picocli-*) place=lib/cli ;;
        logback-* | slf4j-jdk-platform-logging-*) place=lib/logging ;;
        *) place=lib ;;
    esac
    cp -p "$jar" "$new/$place/"
done
# What only examples need lies beside them, where the manifests of their jars name it.
mkdir "$new/examples/lib"
for jar in $(cat "$4"); do
    case ${jar##*/} in
        jspecify-*) continue ;;
    esac
    [ -e "$new/lib/${jar##*/}" ] || cp -p "$jar" "$new/examples/lib/"
done
unset IFS
demo=$5
cp -p "$demo" "$new/examples/demo.jar"
shift 5
for jar in "$@"; do
    name=${jar#"${demo%.jar}"-}
    cp -p "$jar" "$new/examples/$name"
done
cp -p "$root/muster" "$new/"

# A cache fits the very jars that it was made with, their times included.
(cd "$new" && stat -c '%n %s %Y' lib/*.jar lib/*/*.jar examples/demo.jar) >"$new/aot/jars"
if cmp -s "$new/aot/jars" "$dist/aot/jars"; then
    cp -p "$dist"/aot/* "$new/aot/"
fi
touch "$new/built"
rm -rf "$dist.old"
[ ! -d "$dist" ] || mv "$dist" "$dist.old"
mv "$new" "$dist"
rm -rf "$dist.old"
MUSTER_BUILD=never "$root/muster" train ||
    echo "muster: the JVM caches were not made; everything works without them, but starts more slowly" >&2
