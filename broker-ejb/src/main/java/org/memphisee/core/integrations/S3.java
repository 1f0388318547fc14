package org.memphisee.core.integrations;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;

import org.memphisee.core.tiering.ObjectStore.Answer;
import org.memphisee.core.tiering.ObjectStore.Bucket;
import org.memphisee.core.tiering.TieredPartitions;

/** What is particular to the integration with S3-compatible storage: its keys, rules and texts (features.md 7.3, 7.4). */
final class S3 {

    static final String NAME = TieredPartitions.INTEGRATION;
    static final String SECRET = "secret_key";

    private static final String ACCESS = "access_key";
    private static final String BUCKET = "bucket_name";
    private static final String REGION = "region";
    private static final String URL = "url";
    private static final String PATH_STYLE = "s3_path_style";
    private static final String DEFAULT_REGION = "us-east-1";
    private static final int SHOWN = 4;
    private static final Pattern BUCKET_NAME = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
    private static final Pattern REGION_NAME = Pattern.compile("[a-z0-9-]{1,64}");

    private S3() { }

    /** The bucket that keys mean, or a refusal. */
    static Bucket bucket(Map<String, String> keys, String secret) {
        String access = keys.getOrDefault(ACCESS, "");
        String url = keys.getOrDefault(URL, "");
        String name = keys.getOrDefault(BUCKET, "");
        String region = keys.getOrDefault(REGION, "");
        if (access.isEmpty() || secret.isEmpty()) {
            throw new IntegrationRefusal("credentials are empty");
        }
        if (!KeyTexts.plain(secret)) {
            throw new IntegrationRefusal("secret key is invalid");
        }
        if (!KeyTexts.plain(access)) {
            throw new IntegrationRefusal("invalid access key or secret key");
        }
        if (!BUCKET_NAME.matcher(name).matches() || name.contains("..")) {
            throw new IntegrationRefusal("invalid bucket name");
        }
        if (!(region.isEmpty() && !url.isEmpty()) && !REGION_NAME.matcher(region).matches()) {
            throw new IntegrationRefusal("invalid bucket name or region");
        }
        if (!url.isEmpty() && !KeyTexts.address(url)) {
            throw new IntegrationRefusal("invalid url, it has to begin with https:// or http:// and name a host");
        }
        return new Bucket(url, region.isEmpty() ? DEFAULT_REGION : region, name, keys.getOrDefault(PATH_STYLE, "").equals("true"),
            access, secret);
    }

    /** What is kept of a bucket as people may see it. */
    static Map<String, String> keys(Bucket bucket) {
        Map<String, String> keys = new LinkedHashMap<>();
        keys.put(ACCESS, bucket.accessKey());
        keys.put(BUCKET, bucket.name());
        keys.put(REGION, bucket.region());
        keys.put(URL, bucket.url());
        keys.put(PATH_STYLE, Boolean.toString(bucket.pathStyle()));
        return keys;
    }

    /** A secret as it is shown. */
    static String masked(String secret) {
        return "****" + (secret.length() < 2 * SHOWN ? "" : secret.substring(secret.length() - SHOWN));
    }

    /** What a person is told who tried it; a refusal unless it worked. */
    static void require(Answer answer) {
        switch (answer.outcome()) {
            case DONE -> { }
            case BAD_CREDENTIALS -> throw new IntegrationRefusal("invalid access key or secret key");
            case DENIED -> throw new IntegrationRefusal("creds should have full access on this bucket");
            case NO_BUCKET -> throw new IntegrationRefusal("bucket does not exist");
            case OTHER_REGION -> throw new IntegrationRefusal(
                "bucket name does not exist in the selected region, it is probably placed in another region");
            case BAD_BUCKET -> throw new IntegrationRefusal("invalid bucket name");
            case NO_OBJECT, FAILED, FORBIDDEN -> throw new IntegrationRefusal("The storage could not be reached: "
                + answer.reason());
        }
    }
}
