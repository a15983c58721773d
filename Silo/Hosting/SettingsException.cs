namespace ClusterGrains.Hosting;

/// <summary>The silo cannot start as it is set up. Shown to the user line by line, without a stack trace.</summary>
public sealed class SettingsException(IReadOnlyList<string> problems)
    : Exception(string.Join(Environment.NewLine, problems))
{
    /// <summary>Everything that is wrong, one line each, with the name of the setting and the cure.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
