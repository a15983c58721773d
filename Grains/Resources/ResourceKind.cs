using System.Collections.Immutable;

namespace ClusterGrains.Resources;

/// <summary>
/// One kind of custom resource. All kinds share the API group <see cref="Group"/> and version <see cref="Version"/>.
/// Registered by one line, <c>AddResourceKind</c>; relay, index, API and history go by this list.
/// </summary>
/// <param name="Name">As in <c>kind:</c>, for example <c>SearchCluster</c>.</param>
/// <param name="Plural">As in URLs, for example <c>searchclusters</c>.</param>
/// <param name="GrainType">The Orleans grain type, for example <c>searchcluster</c>; part of stored keys, never changed.</param>
public sealed record ResourceKind(string Name, string Plural, string GrainType)
{
    public const string Group = "clustergrains.io";
    public const string Version = "v1alpha1";

    /// <summary>All words that may be said of a resource of this kind; one of them is <c>Unknown</c>.</summary>
    public ImmutableArray<string> Verdicts { get; init; } = [];

    /// <summary>The reasons with which nobody needs to look. With any other somebody does.</summary>
    public ImmutableArray<string> CalmReasons { get; init; } = [];

    /// <summary>Verdicts and reasons in the order in which somebody should look; those that are not named come last.</summary>
    public ImmutableArray<string> Urgent { get; init; } = [];

    /// <summary>Who has less should be looked at first.</summary>
    public int Urgency(string verdict, string reason)
    {
        var place = Urgent.IndexOf(reason) is >= 0 and var found ? found : Urgent.IndexOf(verdict);
        return place >= 0 ? place : Urgent.Length;
    }

    public static string ApiVersion => $"{Group}/{Version}";

    /// <summary>The grain of the resource <paramref name="key"/> of this kind.</summary>
    public IResourceGrain Grain(IGrainFactory grains, ResourceKey key) =>
        grains.GetGrain<IResourceGrain>(GrainId.Create(GrainType, key.ToString()));
}
