using Amazon;
using Amazon.Runtime;
using Amazon.S3;

namespace ClusterGrains.History;

/// <summary>Builds the SDK's client from settings.</summary>
internal static class S3Client
{
    public static IAmazonS3 Create(HistoryS3Options options)
    {
        var config = Config(options);
        return options.AccessKey.Length > 0
            ? new AmazonS3Client(new BasicAWSCredentials(options.AccessKey, options.SecretKey), config)
            : new AmazonS3Client(config);
    }

    private static AmazonS3Config Config(HistoryS3Options options)
    {
        var config = new AmazonS3Config
        {
            // The next tick is the retry; a second one underneath would only multiply the load on a store in trouble.
            MaxErrorRetry = 0,
            MaxConnectionsPerServer = GuardedHistoryStore.MaxConcurrent,
            ForcePathStyle = options.ForcePathStyle ?? options.ServiceUrl.Length > 0,
        };

        if (options.ServiceUrl.Length > 0)
        {
            config.ServiceURL = options.ServiceUrl;
            config.AuthenticationRegion = options.Region.Length > 0 ? options.Region : "us-east-1";
            // Ceph and others refuse the checksums that the SDK otherwise adds (400 XAmzContentSHA256Mismatch).
            config.RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED;
            config.ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED;
        }
        else if (options.Region.Length > 0)
        {
            config.RegionEndpoint = RegionEndpoint.GetBySystemName(options.Region);
        }

        return config;
    }
}
