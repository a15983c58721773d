using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ClusterGrains.Resources;

/// <summary>Reads a collection page by page. All pages of one reading show the same moment.</summary>
internal sealed class ObjectPages(KubernetesConnection connection)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Ends behind the last page, or with one that holds a failure: then nothing is known of what is missing.</summary>
    /// <param name="size">Objects of a page.</param>
    /// <param name="maxPage">Bytes that a page may have.</param>
    /// <param name="accept">Another form than whole objects; null for those.</param>
    /// <param name="read">Makes of one object what is wanted of it.</param>
    /// <exception cref="DependencyException">There was no answer, or none that is a list.</exception>
    public async IAsyncEnumerable<ObjectPage<T>> Read<T>(
        ApiTarget target, int size, int maxPage, string? accept, Func<JsonElement, T> read, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            // Without resourceVersion the answer is consistent: what etcd holds now, not what some cache remembers.
            var page = token is null ? "" : $"&continue={Uri.EscapeDataString(token)}";
            var request = new ApiRequest("list", target, $"limit={size}{page}") { Timeout = Patience, MaxAnswer = maxPage };
            var answer = await connection.Ask(accept is null ? request : request with { Accept = accept }, cancellationToken);
            if (answer.Failure is { } failure)
            {
                yield return new ObjectPage<T>("", [], failure) { HasTokenExpired = failure.IsExpired && token is not null };
                yield break;
            }

            using var json = answer.Json();
            var metadata = json.RootElement.Child("metadata");
            var version = metadata.Text("resourceVersion") is { Length: > 0 } given
                ? given
                : throw new DependencyException(
                    Dependency.KubernetesApi, $"The list of {target} came without a resourceVersion.");
            var items = json.RootElement.Child("items");
            yield return new ObjectPage<T>(version, items.ValueKind is JsonValueKind.Array ? items.EnumerateArray().Select(read) : [], null);
            token = metadata.Text("continue");
        }
        while (!string.IsNullOrEmpty(token));
    }
}

/// <param name="Version">The resourceVersion of the whole list.</param>
/// <param name="Items">Read while they are enumerated, which must be before the next page is asked for.</param>
/// <param name="Failure">What the server said instead of a page; null for a page.</param>
internal sealed record ObjectPage<T>(string Version, IEnumerable<T> Items, ApiFailure? Failure)
{
    /// <summary>The server has forgotten the moment that the pages before showed; the list must begin anew.</summary>
    public bool HasTokenExpired { get; init; }
}
