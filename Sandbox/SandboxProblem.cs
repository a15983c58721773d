namespace ClusterGrains.Sandbox;

/// <summary>The sandbox cannot start as it is asked to. Shown to the user without a stack trace.</summary>
internal sealed class SandboxProblem(params IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, problems));
