using System.Collections.Immutable;
using System.Text.Json.Nodes;

namespace ClusterGrains.Sandbox.Kubernetes.Users;

/// <summary>A part of what a user may do. <c>*</c> stands for all.</summary>
/// <param name="Verbs">For example <c>get</c> and <c>list</c>.</param>
internal sealed record ApiRule(ImmutableArray<string> Verbs)
{
    private const string All = "*";

    /// <summary>Plurals of any group, with <c>/status</c> for that part of them; empty for a rule about <see cref="Paths"/>.</summary>
    public ImmutableArray<string> Resources { get; init; } = [];

    /// <summary>Where; empty for all, and so for the whole cluster at once.</summary>
    public ImmutableArray<string> Namespaces { get; init; } = [];

    /// <summary>Paths that are no resource's, for example <c>/clustergrains/dashboard</c>.</summary>
    public ImmutableArray<string> Paths { get; init; } = [];

    public bool Allows(ApiAction action) => Has(Verbs, action.Verb)
        && (action.Path is { } path
            ? Has(Paths, path)
            : Has(Resources, action.Resource) && (Namespaces.IsEmpty || Namespaces.Contains(action.Namespace)));

    public static ApiRule Read(JsonObject rule) => new([.. rule.Texts("verbs")])
    {
        Resources = [.. rule.Texts("resources")],
        Namespaces = [.. rule.Texts("namespaces")],
        Paths = [.. rule.Texts("paths")],
    };

    private static bool Has(ImmutableArray<string> allowed, string wanted) => allowed.Contains(wanted) || allowed.Contains(All);
}
