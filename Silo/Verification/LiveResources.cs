using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ClusterGrains.Resources;
using ClusterGrains.Status;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Verification;

/// <summary>All resources with their status, as the API server shows them: consistent lists in pages.</summary>
internal sealed class LiveResources(KubernetesConnection connection, IOptions<KubernetesOptions> options)
{
    private const int PageSize = 250;

    private const int MaxPage = 256 << 20;

    /// <summary>A list that takes longer than the server remembers is begun again.</summary>
    private const int Attempts = 3;

    private readonly ObjectPages _pages = new(connection);

    /// <summary>Whether somebody looks after resources of that namespace.</summary>
    public bool Covers(string ns) => options.Value.Scopes.Any(scope => scope is null || scope == ns);

    /// <exception cref="DependencyException">The API server did not answer.</exception>
    public async Task<IReadOnlyCollection<LiveFacts>> List(ResourceKind kind, CancellationToken cancellationToken)
    {
        var all = new List<LiveFacts>();
        foreach (var scope in options.Value.Scopes)
        {
            all.AddRange(await List(kind, ApiTarget.Collection(kind, scope), cancellationToken));
        }

        return all;
    }

    private async Task<IEnumerable<LiveFacts>> List(ResourceKind kind, ApiTarget target, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            // By name: what was created and deleted between two pages may come twice.
            var listed = new Dictionary<ResourceId, LiveFacts>();
            if (await List(kind, target, listed, mayExpire: attempt < Attempts, cancellationToken))
            {
                return listed.Values;
            }
        }
    }

    /// <returns>False when the server forgot the list before its end.</returns>
    private async Task<bool> List(
        ResourceKind kind, ApiTarget target, Dictionary<ResourceId, LiveFacts> listed, bool mayExpire, CancellationToken cancellationToken)
    {
        await foreach (var page in _pages.Read(target, PageSize, MaxPage, accept: null, item => Told(kind, item), cancellationToken))
        {
            if (page.Failure is { } failure)
            {
                return page.HasTokenExpired && mayExpire ? false : throw new DependencyException(Dependency.KubernetesApi, failure.Explain("list", target));
            }

            foreach (var live in page.Items.OfType<LiveFacts>())
            {
                listed[live.Resource] = live;
            }
        }

        return true;
    }

    private static LiveFacts? Told(ResourceKind kind, JsonElement item)
    {
        var status = item.Child("status") is { ValueKind: JsonValueKind.Object } shown ? JsonObject.Create(shown) : null;
        return ManifestJson.Key(item) is { } key && item.Child("metadata").Text("uid") is { } uid
            ? new LiveFacts(
                new ResourceId(kind, key),
                uid,
                StatusFence.Of(status).Revision,
                status is null ? default : Encoding.UTF8.GetBytes(StatusText.Write(status)))
            {
                Stamp = ManifestJson.Read(item, out _) is { } manifest ? Stamp.Of(manifest) : null,
            }
            : null;
    }
}
