using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace ClusterGrains.History;

/// <summary>Builds the SDK's client from settings.</summary>
internal static class S3Client
{
    public static IAmazonS3 Create(HistoryS3Options options) => Create(
        new S3Access(options.ServiceUrl, options.Region, options.AccessKey, options.SecretKey, options.ForcePathStyle),
        config => config.MaxConnectionsPerServer = GuardedHistoryStore.MaxConcurrent);

    /// <param name="adapt">Has the last word.</param>
    public static IAmazonS3 Create(S3Access access, Action<AmazonS3Config> adapt)
    {
        var config = Config(access);
        adapt(config);
        return access.AccessKey.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(access.AccessKey, access.SecretKey), config)
            : new AmazonS3Client(config);
    }

    private static AmazonS3Config Config(S3Access access)
    {
        var config = new AmazonS3Config
        {
            // The next tick is the retry; a second one underneath would only multiply the load on a store in trouble.
            MaxErrorRetry = 0,
            ForcePathStyle = access.ForcePathStyle ?? access.ServiceUrl.Length > 0,
        };

        if (access.ServiceUrl.Length > 0)
        {
            config.ServiceURL = access.ServiceUrl;
            config.AuthenticationRegion = access.Region.Length > 0 ? access.Region : "us-east-1";
            // Ceph and others refuse the checksums that the SDK otherwise adds (400 XAmzContentSHA256Mismatch).
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else if (access.Region.Length > 0)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(access.Region);
        }

        return config;
    }
}
