using System.Net.Http.Headers;
using System.Text;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Tests.Clusters;

namespace ClusterGrains.Tests.Datasets;

/// <summary>The contract on a real server, for example <c>https://admin:secret@localhost:9200</c>.</summary>
public abstract class RealIndexStoreContract(string variable) : IndexStoreContract
{
    private Uri _url = null!;

    private protected override Task<IIndexSession> Connect()
    {
        var text = Environment.GetEnvironmentVariable(variable);
        Assert.SkipWhen(string.IsNullOrEmpty(text), $"{variable} names no server: the contract was not run on a real one.");
        _url = new Uri(text!);
        var spec = ProbeWorld.Spec(Bare) with { Tls = new() { InsecureSkipVerify = true } };
        if (UserAndPassword is [var user, var password])
        {
            World.Secret("real", ("username", user), ("password", password));
            spec = spec with { Auth = new() { Basic = new() { SecretRef = new() { Name = "real" } } } };
        }

        return World.Indices.Connect("prod", spec, Cancellation);
    }

    private protected override async ValueTask Stop(IReadOnlyList<string> left)
    {
#pragma warning disable CA5400 // The test's own server, which the operator of the test named.
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
#pragma warning restore CA5400
        http.DefaultRequestHeaders.Authorization = _url.UserInfo.Length == 0
            ? null
            : new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(string.Join(':', UserAndPassword))));
        foreach (var index in left)
        {
            using var answer = await http.DeleteAsync(new Uri(EndpointUrl.Parse(Bare), index), CancellationToken.None);
        }
    }

    private string Bare => _url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    private string[] UserAndPassword => [.. _url.UserInfo.Split(':').Select(Uri.UnescapeDataString)];
}

/// <summary>The contract on the OpenSearch of <c>CLUSTERGRAINS_TEST_OPENSEARCH</c>.</summary>
public sealed class RealOpenSearchIndexStoreTests() : RealIndexStoreContract("CLUSTERGRAINS_TEST_OPENSEARCH");

/// <summary>The contract on the Elasticsearch of <c>CLUSTERGRAINS_TEST_ELASTICSEARCH</c>.</summary>
public sealed class RealElasticsearchIndexStoreTests() : RealIndexStoreContract("CLUSTERGRAINS_TEST_ELASTICSEARCH");
