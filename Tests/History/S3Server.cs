using System.Diagnostics;
using Amazon.S3;
using Amazon.S3.Model;
using ClusterGrains.History;

namespace ClusterGrains.Tests.History;

/// <summary>Tests that share the real S3 server, one after the other because some of them stop it.</summary>
[CollectionDefinition(Name)]
public sealed class S3Collection : ICollectionFixture<S3Server>
{
    public const string Name = "S3";
}

/// <summary>
/// Ceph's RADOS Gateway, started once by s3.sh. Where it is not installed its tests are skipped, in CI they fail.
/// </summary>
public sealed class S3Server : IAsyncLifetime
{
    private const string Bucket = "history";
    private static readonly string[] Programs = ["radosgw", "ceph-mon", "ceph-osd"];
    private static readonly string Script = Path.Combine(AppContext.BaseDirectory, "s3.sh");
    private readonly TestFolder _folder = new();
    private string? _endpoint;
    private int _stores;

    /// <summary>Settings of an empty store of its own on the server.</summary>
    internal HistoryOptions NewStore() => Options($"s3://{Bucket}/tests/{Interlocked.Increment(ref _stores)}", Endpoint);

    internal static HistoryOptions Options(string uri, string endpoint) => new()
    {
        Uri = uri,
        S3 = new() { ServiceUrl = endpoint, AccessKey = "testaccess", SecretKey = "testsecret" },
    };

    /// <summary>The bytes under a key of the store with these settings; null for nothing.</summary>
    internal static async Task<byte[]?> Read(HistoryOptions store, string key, CancellationToken cancellationToken)
    {
        using var client = S3Client.Create(store.S3);
        try
        {
            using var stored = await client.GetObjectAsync(
                Bucket, $"{store.Uri[$"s3://{Bucket}/".Length..]}/{key}", cancellationToken);
            using var bytes = new MemoryStream();
            await stored.ResponseStream.CopyToAsync(bytes, cancellationToken);
            return bytes.ToArray();
        }
        catch (AmazonS3Exception missing) when (missing.ErrorCode == "NoSuchKey")
        {
            return null;
        }
    }

    /// <summary>Somebody deletes an object behind the operator's back.</summary>
    internal static async Task Delete(HistoryOptions store, string key, CancellationToken cancellationToken)
    {
        using var client = S3Client.Create(store.S3);
        await client.DeleteObjectAsync(Bucket, $"{store.Uri[$"s3://{Bucket}/".Length..]}/{key}", cancellationToken);
    }

    /// <summary>All history records in the store with these settings.</summary>
    internal static async Task<IReadOnlyList<HistoryRecord>> Records(HistoryOptions store, CancellationToken cancellationToken)
    {
        using var client = S3Client.Create(store.S3);
        var root = $"{store.Uri[$"s3://{Bucket}/".Length..]}/";
        var all = client.Paginators.ListObjectsV2(
            new ListObjectsV2Request { BucketName = Bucket, Prefix = $"{root}v1/history/" });
        var records = new List<HistoryRecord>();
        await foreach (var stored in all.S3Objects.WithCancellation(cancellationToken))
        {
            if (!IsRecord(stored.Key))
            {
                continue;
            }

            records.Add(HistoryObject.Open((await Read(store, stored.Key[root.Length..], cancellationToken))!));
        }

        return records;
    }

    /// <summary>Plans and rejected documents are no history records.</summary>
    internal static bool IsRecord(string key) =>
        !key.Contains("record=plan/", StringComparison.Ordinal) && !key.Contains("record=rejected/", StringComparison.Ordinal);

    /// <summary>Nobody answers at the endpoint any more; the objects stay.</summary>
    public Task StopGateway() => Run("stop-gateway");

    /// <summary>Answers again when this returns.</summary>
    public Task StartGateway() => Run("start-gateway");

    public async ValueTask InitializeAsync()
    {
        if (!IsInstalled())
        {
            return;
        }

        _endpoint = (await Run("up")).Trim();
        using var client = S3Client.Create(Options("", _endpoint).S3);
        await client.PutBucketAsync(new PutBucketRequest { BucketName = Bucket });
    }

    public async ValueTask DisposeAsync()
    {
        if (_endpoint is not null)
        {
            await Run("down");
        }

        _folder.Dispose();
    }

    private string Endpoint
    {
        get
        {
            const string cure = "radosgw, ceph-mon and ceph-osd are not installed, so nothing was tried against a real S3 server "
                + "(apt-get install --no-install-recommends radosgw ceph-mon ceph-osd).";
            Assert.SkipWhen(_endpoint is null && Environment.GetEnvironmentVariable("CI") != "true", cure);
            return _endpoint ?? throw new InvalidOperationException(cure);
        }
    }

    private static bool IsInstalled() => Programs.All(
        program => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Any(folder => File.Exists(Path.Combine(folder, program))));

    private async Task<string> Run(string verb)
    {
        var start = new ProcessStartInfo("bash", [Script, verb, Path.Combine(_folder.Path, "s3")])
        {
            RedirectStandardOutput = true,
            Environment = { ["S3_OWNER"] = $"{Environment.ProcessId}" },
        };
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        using var process = Process.Start(start)!;
        var output = await process.StandardOutput.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"s3.sh {verb} ended with {process.ExitCode}; its messages are above.");
    }
}
