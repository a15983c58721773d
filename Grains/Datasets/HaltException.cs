namespace ClusterGrains.Datasets;

/// <summary>Ends a run from within a step. Thrown by steps only, caught by <see cref="UpdateWorkflow"/> only.</summary>
/// <param name="halt">What becomes of the candidate.</param>
/// <param name="code">From <see cref="DatasetCodes"/>; empty for <see cref="Halt.Fenced"/> and <see cref="Halt.Lost"/>.</param>
/// <param name="message">What was seen, with numbers, and the cure.</param>
internal sealed class HaltException(Halt halt, string code, string message, Exception? cause = null) : Exception(message, cause)
{
    public Halt Halt { get; } = halt;

    public string Code { get; } = code;

    public static HaltException Wait(string code, string message) => new(Halt.Wait, code, message);

    public static HaltException Fail(string code, string message) => new(Halt.Fail, code, message);
}

/// <summary>How a run ends before it is through.</summary>
internal enum Halt
{
    /// <summary>Nothing is lost: the next run goes on from here.</summary>
    Wait,

    /// <summary>The version is given up; the alias stays.</summary>
    Fail,

    /// <summary>Given up for something better.</summary>
    Supersede,

    /// <summary>Not the open run any more, or its spec is not the newest: nothing is touched from here on.</summary>
    Fenced,

    /// <summary>Nobody knows whether a report was stored; what is stored decides, so nothing more is reported.</summary>
    Lost,
}
