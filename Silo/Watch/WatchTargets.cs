using System.Collections.Immutable;
using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Watch;

/// <summary>Everything there is to list and to watch: each kind, in each scope of the settings.</summary>
internal sealed class WatchTargets(IEnumerable<ResourceKind> kinds, IOptions<KubernetesOptions> kubernetes)
{
    public ImmutableArray<WatchTarget> All { get; } =
        [.. kinds.SelectMany(kind => kubernetes.Value.Scopes.Select(scope => new WatchTarget(kind, scope)))];
}
