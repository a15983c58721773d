using ClusterGrains.Sandbox.Kubernetes.Objects;

namespace ClusterGrains.Sandbox.Kubernetes.Requests;

/// <summary>One page of a list.</summary>
/// <param name="Continue">Empty on the last page.</param>
/// <param name="Remaining">Known only without selectors.</param>
internal sealed record Page(IReadOnlyList<StoredObject> Objects, long Revision, string Continue, long? Remaining);

/// <summary>Answers lists; the pages of one list all show the same moment.</summary>
internal sealed class ResourceLister(ObjectStore store)
{
    private const string ExpiredContinue =
        "The provided continue parameter is too old to display a consistent list result. You can start a new list without "
        + "the continue parameter, or use the continue token in this response to retrieve the remainder of the results. "
        + "Continuing with the provided token results in an inconsistent list - objects that were created, modified, or "
        + "deleted between the time the first chunk was returned and now may show up in the list.";

    /// <exception cref="StatusException">410 when the moment is forgotten, 504 when it has not come yet.</exception>
    public Page List(ResourceTarget target, ListOptions options)
    {
        var token = options.Continue.Length > 0 ? ContinueToken.Parse(options.Continue) : null;
        var (objects, revision) = token is null ? Moment(target, options) : Moment(target, token);
        var matching = objects
            .Where(o => target.Namespace.Length == 0 || o.Key.Namespace == target.Namespace)
            .Where(o => token is null || o.Key.CompareTo(token.After) > 0)
            .Where(options.Matches);
        if (options.Limit == 0)
        {
            return new Page([.. matching], revision, "", null);
        }

        var all = matching.ToList();
        if (all.Count <= options.Limit)
        {
            return new Page(all, revision, "", null);
        }

        var page = all[..options.Limit];
        var rest = options.SelectsEverything ? all.Count - page.Count : (long?)null;
        return new Page(page, revision, new ContinueToken(revision, page[^1].Key).ToString(), rest);
    }

    private (IReadOnlyCollection<StoredObject> Objects, long Revision) Moment(ResourceTarget target, ListOptions options)
    {
        var now = store.Snapshot(target.Definition);
        if (options.ResourceVersion is not { } wanted || wanted == 0)
        {
            return now;
        }

        if (wanted > now.Revision)
        {
            throw new StatusException(ApiStatus.TooLargeResourceVersion(wanted, now.Revision));
        }

        // A limit without a match rule means exact, for compatibility with servers older than the rule.
        var exact = options.ResourceVersionMatch == "Exact" || (options.ResourceVersionMatch == "" && options.Limit > 0);
        return exact ? (At(target, wanted, null), wanted) : now;
    }

    private (IReadOnlyCollection<StoredObject> Objects, long Revision) Moment(ResourceTarget target, ContinueToken token) =>
        token.Revision < 0 ? store.Snapshot(target.Definition) : (At(target, token.Revision, token), token.Revision);

    private IReadOnlyCollection<StoredObject> At(ResourceTarget target, long revision, ContinueToken? token) =>
        store.SnapshotAt(target.Definition, revision) ?? throw new StatusException(token is null
            ? ApiStatus.Expired("The resourceVersion for the provided list is too old.")
            : ApiStatus.Expired(ExpiredContinue, (token with { Revision = -1 }).ToString()));
}
