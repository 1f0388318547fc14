#!/bin/sh
# Makes the server as it is installed:  package-server.sh <runtime> <our files> <programs of PostgreSQL> <where to> <version>
# In: the runtime with the server as Maven made it, and the programs, which are moved. Out: a directory, for images and archives.
set -eu
wlp=$1 sources=$2 postgres=$3 image=$4 version=$5

rm -rf "$image" "$image.tar"
mkdir -p "$image/native" "$image/doc"
unset WLP_USER_DIR WLP_OUTPUT_DIR
# what a server noted where this tree was before it was copied or moved: with that it packs next to none of its bundles
known=$wlp/usr/servers/memphis/workarea
if [ -d "$known" ] && ! grep -qsF "$wlp/" "$known/workarea-utils/platform/kernel.cache"; then rm -rf "$known"; fi
"$wlp/bin/server" package memphis --archive="$image.tar" --include=minify >"$image.log" 2>&1 || { cat "$image.log"; exit 1; }
tar -C "$image" -xf "$image.tar"
rm "$image.tar" "$image.log"
# API documentation of the container, for who develops against it
find "$image/wlp/dev" -name '*javadoc*.zip' -delete

server=$image/wlp/usr/servers/memphis
rm -rf "$server/workarea" "$server/logs" "$server/dropins"
mkdir -p "$server/configDropins/overrides"
cp "$sources"/server/defaults/* "$server/configDropins/defaults/"
cp "$sources"/server/overrides/* "$server/configDropins/overrides/"

# the application as a directory; its archive of PostgreSQL's programs is installed unpacked instead
mv "$server/apps/broker.ear" "$image.ear"
mkdir "$server/apps/broker.ear"
(cd "$server/apps/broker.ear" && "$JAVA_HOME/bin/jar" -xf "$image.ear")
rm "$image.ear"
# nothing in it, since the manifest of the EJBs names it
printf 'Manifest-Version: 1.0\n' >"$image.manifest"
for archive in "$server"/apps/broker.ear/lib/embedded-postgres-binaries-*.jar; do
    "$JAVA_HOME/bin/jar" --create --date=2020-01-01T00:00:00Z --file "$archive" --manifest "$image.manifest"
done
rm "$image.manifest"

# where /tmp forbids programs, the JVM finds Netty's library here
mkdir "$image.native"
(cd "$image.native" && "$JAVA_HOME/bin/jar" -xf "$server/apps/broker.ear/resource-adapter.rar" \
    && for archive in *epoll*linux-x86_64*.jar; do "$JAVA_HOME/bin/jar" -xf "$archive"; done)
cp "$image.native"/META-INF/native/libnetty_transport_native_epoll_x86_64.so "$image/native/"
rm -r "$image.native"

# what the application has too is there once
for library in je jackson-annotations jackson-core jackson-databind; do
    ln -sf "../../apps/broker.ear/lib/$library.jar" "$server/tools/lib/$library.jar"
done

mv "$postgres" "$image/postgres"
rm -f "$image"/postgres/lib/*.a # for who builds against it
cp -R "$sources/bin" "$sources/conf" "$sources/systemd" "$sources/NOTICE" "$image/"
root=$sources/../../../..
cp -R "$sources/../compose" "$image/compose"
cp -R "$sources/../chart" "$image/chart"
mkdir "$image/chart/memphisee/files"
cp "$root"/docs/grafana/* "$image/chart/memphisee/files/"
cp "$root/docs/grafana/alerts.yaml" "$image/compose/monitoring/"
cp "$root/docs/grafana/memphis-ee.json" "$image/compose/monitoring/grafana/dashboards/"
cp "$root/LICENSE" "$image/"
cp -R "$root"/docs/*.md "$root/docs/guide" "$image/doc/"
printf '%s\n' "$version" >"$image/VERSION"
# what is in it, from what is in it; nothing may be changed after this
"$JAVA_HOME/bin/java" -XX:TieredStopAtLevel=1 -cp "$server/apps/broker.ear/lib/*" "$root/liberty-config/src/build/BillOfMaterials.java" \
    "$root" "$image" "$version" "$image/memphis-ee.cdx.json"
chmod -R u=rwX,go=rX "$image"
chmod 755 "$server/tools/mem" "$server/tools/memphisee" "$server/tools/memphis-store" "$image"/bin/* "$image"/wlp/bin/server "$image"/wlp/bin/securityUtility
