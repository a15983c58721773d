using Microsoft.AspNetCore.Authorization;

namespace ClusterGrains.Access;

/// <summary>Asks for the right to <c>get</c> a path that RBAC names in <c>nonResourceURLs</c>.</summary>
/// <param name="Path">For example <c>/clustergrains/dashboard</c>.</param>
internal sealed record GetRight(string Path) : IAuthorizationRequirement;
