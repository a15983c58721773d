using System.ComponentModel.DataAnnotations;
using ClusterGrains.Resources;

namespace ClusterGrains.Clusters;

/// <summary>How to sign in: at most one of these; none is anonymous.</summary>
[AtMost(1)]
public sealed record AuthSpec
{
    /// <summary>The Secret holds <c>username</c> and <c>password</c>.</summary>
    public SecretAuthSpec? Basic { get; init; }

    /// <summary>The Secret holds <c>apiKey</c>: <c>id:key</c>, or the encoded form that the cluster returned.</summary>
    public SecretAuthSpec? ApiKey { get; init; }

    /// <summary>The Secret holds <c>token</c>.</summary>
    public SecretAuthSpec? Bearer { get; init; }
}

/// <summary>Credentials in a Secret.</summary>
public sealed record SecretAuthSpec
{
    public required SecretRef SecretRef { get; init; }
}

/// <summary>A Secret in the resource's own namespace.</summary>
public sealed record SecretRef
{
    public const int MaxNameLength = 253;
    public const string NamePattern = "^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$";

    [Length(1, MaxNameLength)]
    [RegularExpression(NamePattern, ErrorMessage = "Write the name of a Secret: lower case letters, digits, '-' and '.'.")]
    public required string Name { get; init; }
}
