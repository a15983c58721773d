using System.Net;
using Amazon.Runtime;

namespace ClusterGrains.History;

/// <summary>What the SDK's exceptions mean to those who run the store.</summary>
internal static class S3Failure
{
    /// <summary>Whether it came from the store or the way to it, and not from a mistake of ours.</summary>
    public static bool IsOfTheStore(Exception failure) =>
        failure is AmazonServiceException or AmazonClientException or HttpRequestException or IOException
            or OperationCanceledException;

    /// <param name="rights">What has to be allowed, for example <c>s3:GetObject on arn:…</c>.</param>
    /// <returns>The end of a sentence, with the cure.</returns>
    public static string Explain(Exception failure, HistoryLocation.S3 location, string rights) => failure switch
    {
        AmazonServiceException { StatusCode: HttpStatusCode.Forbidden } denied =>
            $"{denied.ErrorCode} (403). Check History:S3 credentials, and allow {rights}.",
        AmazonServiceException { ErrorCode: "NoSuchBucket" } => $"there is no bucket {location.Bucket}; create it.",
        AmazonServiceException { ErrorCode: { Length: > 0 } code } answer => $"{code} ({(int)answer.StatusCode}): {answer.Message}",
        OperationCanceledException => "no answer in time.",
        HttpRequestException network => network.Message,
        _ => failure.GetBaseException().Message,
    };
}
