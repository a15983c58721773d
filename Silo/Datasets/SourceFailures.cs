using System.Net;
using Amazon.Runtime;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;

namespace ClusterGrains.Datasets;

/// <summary>What goes wrong with a source, in words with a cure.</summary>
internal static class SourceFailures
{
    private const int MaxDetail = 200;

    public static SourceException Changed(string file) => new(
        DatasetCodes.SourceChanged,
        $"{file} is not the file that was listed any more. A version must not change once its marker is there: "
        + "write another version, or this one anew with its marker last.");

    public static SourceException Gone(string file) => new(
        DatasetCodes.SourceChanged,
        $"{file} is gone since it was listed. Keep a version until it is promoted; "
        + "write it anew with its marker last, or write another one.");

    /// <param name="rights">What the credentials must allow for this, for the case that they do not.</param>
    public static DependencyException Unreadable(string url, string rights, S3SourceAddress address, Exception failure) => new(
        Dependency.Source, $"{url} is not readable: {Explain(failure, rights, address)}", failure);

    private static string Explain(Exception failure, string rights, S3SourceAddress address) => failure switch
    {
        AmazonServiceException answer => Explain(answer, rights, address),
        OperationCanceledException => $"no answer in time from {address.Host}; check spec.source.s3.endpoint and the network.",
        _ when ProbeFailures.Classify(Cause(failure)) is { } known => Explain(known, address),
        AmazonClientException client =>
            $"{Clean(client.Message.Split(". ", 2)[0]).TrimEnd('.')}. Name a Secret with accessKey and secretKey in spec.source.secretRef, or give the operator's pod a role.",
        _ => $"{address.Host} does not answer as an S3 store ({Clean(failure.GetBaseException().Message)}); check spec.source.s3.endpoint.",
    };

    private static string Explain(AmazonServiceException answer, string rights, S3SourceAddress address) => answer switch
    {
        { ErrorCode: "NoSuchBucket" } => $"there is no bucket {address.Bucket} at {address.Host}; correct spec.source.uri.",
        { ErrorCode: "InvalidAccessKeyId" or "SignatureDoesNotMatch" } =>
            $"{answer.ErrorCode} ({(int)answer.StatusCode}): the keys are wrong; correct accessKey and secretKey in the Secret of "
            + "spec.source.secretRef, without blanks around them.",
        { StatusCode: HttpStatusCode.Forbidden } =>
            $"{Code(answer)} ({(int)answer.StatusCode}). Allow {rights}.",
        { ErrorCode: "PermanentRedirect" or "AuthorizationHeaderMalformed" or "TemporaryRedirect" }
            or { StatusCode: HttpStatusCode.MovedPermanently or HttpStatusCode.TemporaryRedirect } =>
            $"the bucket lies elsewhere ({Code(answer)}, {(int)answer.StatusCode}: {Clean(answer.Message)}); "
            + "set spec.source.s3.region to the bucket's region.",
        { StatusCode: 0 } when answer.InnerException is { } inner => Explain(inner, rights, address),
        _ => $"{Code(answer)} ({(int)answer.StatusCode}): {Clean(answer.Message)}",
    };

    private static string Explain(StepResult known, S3SourceAddress address)
    {
        var cure = known.Outcome switch
        {
            StepOutcome.Dns => "its name does not resolve; correct spec.source.s3.endpoint, or its region",
            StepOutcome.Refused => "its address is not one that sources may have",
            StepOutcome.Tls => "its certificate is not trusted, or it does not speak TLS",
            StepOutcome.TooLarge => "its answer is larger than any of an S3 store",
            StepOutcome.BadBody => "it does not answer as an S3 store",
            _ => "it does not take connections, or breaks them; check spec.source.s3.endpoint and the network",
        };
        return $"{address.Host}: {cure}{(known is { Outcome: not StepOutcome.TooLarge, Detail.Length: > 0 } ? $" ({known.Detail})" : "")}.";
    }

    // The SDK wraps what the connection says.
    private static Exception Cause(Exception failure) =>
        failure is AmazonClientException { InnerException: { } inner } ? inner : failure;

    private static string Code(AmazonServiceException answer) =>
        string.IsNullOrEmpty(answer.ErrorCode) ? answer.StatusCode.ToString() : Clean(answer.ErrorCode);

    // A stranger's words.
    private static string Clean(string text) => SafeText.Clean(text, MaxDetail);
}
