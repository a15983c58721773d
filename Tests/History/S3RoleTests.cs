using ClusterGrains.History;
using ClusterGrains.Tests.Processes;
using Microsoft.AspNetCore.Http;

namespace ClusterGrains.Tests.History;

/// <summary>The role of a pod: what Kubernetes says of it is exchanged for keys, as AWS' IAM roles for service accounts do it.</summary>
public sealed class S3RoleTests
{
    private const string Keys = """
        <AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
          <AssumeRoleWithWebIdentityResult>
            <Credentials>
              <AccessKeyId>ASIAROLE</AccessKeyId>
              <SecretAccessKey>secret</SecretAccessKey>
              <SessionToken>session</SessionToken>
              <Expiration>2090-01-01T00:00:00Z</Expiration>
            </Credentials>
          </AssumeRoleWithWebIdentityResult>
        </AssumeRoleWithWebIdentityResponse>
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_keys_a_pod_writes_by_the_role_of_its_service_account()
    {
        using var folder = new TestFolder();
        var token = Path.Combine(folder.Path, "token");
        await File.WriteAllTextAsync(token, "token-of-the-service-account", Cancellation);
        await using var aws = await StubS3.Start(context => context.Request.Method == HttpMethods.Post ? context.Response.WriteAsync(Keys) : Task.CompletedTask);

        await using var pod = ChildProcess.Start("put-with-role", $"http://127.0.0.1:{aws.Port}", token);

        Assert.Equal(nameof(PutOutcome.Created), await pod.ReadLine(Cancellation));
        Assert.Equal(["POST", "PUT"], aws.Requests.Select(request => request.Method));
        var put = aws.Requests.Last().Headers;
        Assert.Contains("Credential=ASIAROLE/", put.Authorization.ToString(), StringComparison.Ordinal);
        Assert.Equal("session", put["x-amz-security-token"].ToString());
    }

    /// <summary>A process with the variables that AWS' webhook gives to a pod.</summary>
    /// <param name="args">Where AWS is, and the file with the service account's token.</param>
    public static async Task<int> Put(string[] args, CancellationToken cancellationToken)
    {
        Environment.SetEnvironmentVariable("AWS_ROLE_ARN", "arn:aws:iam::123456789012:role/clustergrains");
        Environment.SetEnvironmentVariable("AWS_WEB_IDENTITY_TOKEN_FILE", args[1]);
        Environment.SetEnvironmentVariable("AWS_REGION", "eu-central-1");
        Environment.SetEnvironmentVariable("AWS_ENDPOINT_URL_STS", args[0]);
        var store = HistoryParts.Backend(new HistoryOptions { Uri = "s3://history/prefix", S3 = new() { ServiceUrl = args[0] } }, TimeProvider.System);
        using (store as IDisposable)
        {
            Console.WriteLine(await store.Put("v1/a=b/c.json.gz", "body"u8.ToArray(), cancellationToken));
        }

        return 0;
    }
}
