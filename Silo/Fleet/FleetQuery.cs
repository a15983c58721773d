namespace ClusterGrains.Fleet;

/// <param name="Namespace">Only resources of this namespace.</param>
/// <param name="Limit">At most this many; 1 to 500, 100 unless told.</param>
/// <param name="Continue">The <c>continue</c> of the page before.</param>
internal sealed record FleetQuery(string? Namespace, int? Limit, string? Continue);
