namespace ClusterGrains.Tests.Access;

/// <summary>What a browser is given in place of an answer.</summary>
/// <param name="Status">0 for a connection that is refused.</param>
internal sealed record PretendAnswer(int Status, string Body = "", string Type = "application/problem+json");
