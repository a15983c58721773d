using System.Collections.Immutable;

namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>What happens to a fleet, one sentence a line; <c>#</c> begins a comment. The sentences are in <see cref="Vocabulary"/>.</summary>
internal sealed record Scenario(ImmutableArray<Step> Steps)
{
    private const int MaxSteps = 100_000;
    private const int MaxShown = 6;

    /// <summary>How many silos it starts by their count.</summary>
    public int Silos => Steps.Where(step => step.Sentence.Pattern == Vocabulary.StartSilos).Sum(step => step.Values.Count);

    /// <exception cref="ScenarioException">A line is no sentence.</exception>
    public static Scenario Parse(string text)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        var number = 0;
        foreach (var line in text.Split('\n'))
        {
            number++;
            var words = line.Split('#')[0].Trim().TrimEnd('.').Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            if (steps.Count == MaxSteps)
            {
                throw new ScenarioException(number, $"a scenario has at most {MaxSteps} steps; cut it in two.");
            }

            steps.Add(Read(number, words));
        }

        return new Scenario(steps.ToImmutable());
    }

    private static Step Read(int line, string[] words)
    {
        var fits = Vocabulary.Sentences.Select(sentence => sentence.Match(words)).ToList();
        if (fits.Find(fit => fit.Values is not null) is { } whole)
        {
            return new Step(line, string.Join(' ', words), whole.Sentence, whole.Values!);
        }

        var farthest = fits.Max(fit => fit.Words);
        var near = fits.Where(fit => fit.Words == farthest).ToList();
        var expected = near.Select(fit => fit.Expected).Distinct().ToList();
        var examples = near.Select(fit => fit.Sentence.Example).Take(MaxShown);
        var before = farthest == 0 ? "" : $" after '{string.Join(' ', words[..farthest])}'";
        var found = farthest == words.Length ? $"something is missing{before}" : $"'{words[farthest]}' is not understood{before}";
        throw new ScenarioException(
            line,
            $"{found}; expected {string.Join(" or ", expected.Take(MaxShown))}{(expected.Count > MaxShown ? ", …" : "")}. "
            + $"For example: {string.Join("; ", examples)}.");
    }
}

/// <param name="Line">From 1.</param>
/// <param name="Text">The sentence, without comment.</param>
internal sealed record Step(int Line, string Text, Sentence Sentence, Values Values);
