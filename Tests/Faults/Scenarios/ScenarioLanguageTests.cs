namespace ClusterGrains.Tests.Faults.Scenarios;

public sealed class ScenarioLanguageTests
{
    [Fact]
    public void A_scenario_is_one_sentence_a_line_with_comments_and_empty_lines()
    {
        var scenario = Scenario.Parse(
            """
            # three silos
            start 3 silos

            create 20 clusters every 10s   # all alike
              kill   the relay's silo.
            thaw silo 2
            """);

        Assert.Equal(
            [(2, "start 3 silos"), (4, "create 20 clusters every 10s"), (5, "kill the relay's silo"), (6, "thaw silo 2")],
            scenario.Steps.Select(step => (step.Line, step.Text)));
        Assert.Equal(3, scenario.Steps[0].Values.Count);
        Assert.Equal(TimeSpan.FromSeconds(10), scenario.Steps[1].Values.Time);
        Assert.Equal(new SiloReference(SiloRole.Relay), scenario.Steps[2].Values.Silo);
        Assert.Equal(new SiloReference(SiloRole.Numbered, 2), scenario.Steps[3].Values.Silo);
    }

    [Theory]
    [InlineData("start a silo", "start 1 silo")]
    [InlineData("create one cluster every 1s", "create 1 clusters every 1s")]
    public void One_may_be_written_as_people_say_it(string text, string same)
    {
        var (step, other) = (Assert.Single(Scenario.Parse(text).Steps), Assert.Single(Scenario.Parse(same).Steps));

        Assert.Same(other.Sentence, step.Sentence);
        Assert.Equal(other.Values.Count, step.Values.Count);
    }

    [Theory]
    [InlineData(
        "create 20 clutsers every 10s",
        "line 1: 'clutsers' is not understood after 'create 20'; expected 'clusters' or 'datasets'. "
        + "For example: create 3 clusters every 10s; create 3 datasets every 10s.")]
    [InlineData(
        "\nfreeze silo two",
        "line 2: 'silo' is not understood after 'freeze'; expected 'silo' and its number, or 'the relay's silo', 'the loader's silo', "
        + "'the frozen silo', 'another silo'. For example: freeze the relay's silo.")]
    [InlineData("wait", "line 1: something is missing after 'wait'; expected a duration such as 500ms, 10s or 2m or 'until'. "
        + "For example: wait 10s; wait until a load is held; wait until checked; wait until updated; wait until settled.")]
    [InlineData("check invariants twice", "line 1: 'twice' is not understood after 'check invariants'; expected the end of the line. "
        + "For example: check invariants.")]
    [InlineData("answer 3 API requests with 200", "line 1: '200' is not understood after 'answer 3 API requests with'; "
        + "expected an HTTP status from 400 to 599. For example: answer 3 API requests with 429.")]
    public void What_is_no_sentence_is_told_by_its_line_and_word_and_with_a_cure(string text, string message) =>
        Assert.Equal(message, Assert.Throws<ScenarioException>(() => Scenario.Parse(text)).Message);

    [Theory]
    [InlineData("start 2 silos\nstart silo 1\nstart a silo", 3)]
    [InlineData("wait 1s", 0)]
    public void A_scenario_tells_how_many_silos_it_starts(string text, int silos) => Assert.Equal(silos, Scenario.Parse(text).Silos);

    [Fact]
    public void A_word_that_begins_no_sentence_is_told_what_does()
    {
        var failure = Assert.Throws<ScenarioException>(() => Scenario.Parse("explode"));

        Assert.StartsWith("line 1: 'explode' is not understood; expected 'seed' or 'start' or ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_sentence_can_be_read_as_it_is_given_for_an_example() => Assert.All(
        Vocabulary.Sentences,
        sentence => Assert.Same(sentence, Assert.Single(Scenario.Parse(sentence.Example).Steps).Sentence));
}
