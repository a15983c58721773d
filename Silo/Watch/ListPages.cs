using System.Runtime.CompilerServices;
using System.Text.Json;
using ClusterGrains.Resources;

namespace ClusterGrains.Watch;

/// <summary>Reads everything a target holds, page by page. All pages of one reading show the same moment.</summary>
internal sealed class ListPages(KubernetesConnection connection, WatchOptions options)
{
    private const string Metadata = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1, application/json";

    /// <summary>Ends behind the last page, or with one that holds a failure: then nothing is known of what is missing.</summary>
    /// <param name="metadataOnly">Whether uid, generation and annotations are enough; specs are then empty.</param>
    /// <exception cref="DependencyException">There was no answer, or none that is a list.</exception>
    public async IAsyncEnumerable<ListPage> Read(
        WatchTarget target, bool metadataOnly, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            var answer = await connection.Ask(Request(target, token, metadataOnly), cancellationToken);
            if (answer.Failure is { } failure)
            {
                yield return new ListPage("", [], failure) { HasTokenExpired = failure.IsExpired && token is not null };
                yield break;
            }

            using var json = answer.Json();
            var metadata = json.RootElement.Child("metadata");
            var version = metadata.Text("resourceVersion") is { Length: > 0 } given
                ? given
                : throw new DependencyException(
                    Dependency.KubernetesApi, $"The list of {target} came without a resourceVersion.");
            yield return new ListPage(version, Items(json.RootElement.Child("items")), null);
            token = metadata.Text("continue");
        }
        while (!string.IsNullOrEmpty(token));
    }

    /// <summary>Without resourceVersion the answer is consistent: what etcd holds now, not what some cache remembers.</summary>
    private ApiRequest Request(WatchTarget target, string? token, bool metadataOnly)
    {
        var page = token is null ? "" : $"&continue={Uri.EscapeDataString(token)}";
        var request = new ApiRequest("list", target.Collection, $"limit={options.PageSize}{page}")
        {
            Timeout = TimeSpan.FromSeconds(60),
            MaxAnswer = options.MaxPage,
        };
        return metadataOnly ? request with { Accept = Metadata } : request;
    }

    private static IEnumerable<ListedItem> Items(JsonElement items)
    {
        if (items.ValueKind is JsonValueKind.Array)
        {
            foreach (var item in items.EnumerateArray())
            {
                var manifest = ManifestJson.Read(item, out var problem);
                yield return new ListedItem(ManifestJson.Key(item), manifest, problem);
            }
        }
    }
}

/// <param name="Version">The resourceVersion of the whole list.</param>
/// <param name="Items">Read while they are enumerated, which must be before the next page is asked for.</param>
/// <param name="Failure">What the server said instead of a page; null for a page.</param>
internal sealed record ListPage(string Version, IEnumerable<ListedItem> Items, ApiFailure? Failure)
{
    /// <summary>The server has forgotten the moment that the pages before showed; the list must begin anew.</summary>
    public bool HasTokenExpired { get; init; }
}

/// <param name="Key">Null when not even that can be read.</param>
/// <param name="Manifest">Null when it cannot be read.</param>
/// <param name="Problem">Why it cannot be read.</param>
internal readonly record struct ListedItem(ResourceKey? Key, Manifest? Manifest, string? Problem);
