using System.Globalization;
using System.Text;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>Plays scenarios in a world, says each step, and remembers when which fault happened.</summary>
internal sealed class ScenarioRun(FleetWorld world, Action<string> tell)
{
    private readonly long _started = TimeProvider.System.GetTimestamp();
    private readonly StringBuilder _script = new();
    private readonly List<FleetEvent> _events = [];

    /// <summary>Whether what always holds is checked after every step, as far as can be looked then.</summary>
    public bool Strict { get; init; }

    /// <summary>All steps so far, as they would be written.</summary>
    public string Script => _script.ToString();

    public IReadOnlyList<FleetEvent> Events => _events;

    /// <summary>On the clock of the events.</summary>
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <exception cref="ScenarioException">It is no scenario, or a step of it failed.</exception>
    public async Task Play(string text, CancellationToken cancellationToken)
    {
        foreach (var step in Scenario.Parse(text).Steps)
        {
            await Play(step, cancellationToken);
        }
    }

    private async Task Play(Step step, CancellationToken cancellationToken)
    {
        _script.AppendLine(step.Text);
        try
        {
            var at = Now;
            var what = await step.Sentence.Act(world, step.Values, cancellationToken);
            if (step.Sentence.IsEvent)
            {
                _events.Add(new FleetEvent(at, step.Text));
            }

            Say(what.Length == 0 ? step.Text : $"{step.Text}: {what}");
            if (Strict)
            {
                await world.Judge.Always(cancellationToken);
            }

            world.Silos.ThrowIfCrashed();
        }
        catch (Exception failure) when (failure is not (ScenarioException or OperationCanceledException))
        {
            Say($"{step.Text}: {failure.Message}");
            throw new ScenarioException(step.Line, $"{step.Text}: {failure.Message}", failure);
        }
    }

    private void Say(string line) => tell(string.Create(
        CultureInfo.InvariantCulture, $"{TimeProvider.System.GetElapsedTime(_started).TotalSeconds,7:0.0} s  {line}"));
}

/// <summary>Something that happened to a fleet.</summary>
internal sealed record FleetEvent(DateTimeOffset At, string Text);
