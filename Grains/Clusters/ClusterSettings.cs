using System.Collections.Immutable;

namespace ClusterGrains.Clusters;

/// <summary>The settings that the checks use, as the cluster says them.</summary>
/// <param name="Chosen">Transient settings over persistent ones.</param>
/// <param name="Defaults">What holds otherwise: the answering node's file over the product's defaults.</param>
public sealed record ClusterSettings(
    ImmutableDictionary<string, string> Chosen, ImmutableDictionary<string, string> Defaults)
{
    /// <summary>Only settings under this prefix are kept.</summary>
    public const string Prefix = "cluster.routing.allocation.disk.";

    /// <summary>The effective value; null when the cluster does not know the setting.</summary>
    public string? this[string key] => Chosen.GetValueOrDefault(key) ?? Defaults.GetValueOrDefault(key);
}
