namespace ClusterGrains.Tests.Faults.Scenarios;

/// <summary>
/// Scenarios that once showed a defect, as they were printed when they failed. A failure of the soak is kept by its script: a text
/// in the folder <c>Kept</c>, which says at its beginning what went wrong.
/// </summary>
public sealed class KeptTests(ITestOutputHelper output)
{
    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Faults", "Scenarios", "Kept");

    public static TheoryData<string> Names => [.. Directory.EnumerateFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file))];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_scenario_that_failed_once(string name)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var text = await File.ReadAllTextAsync(Path.Combine(Folder, $"{name}.txt"), cancellation);
        var options = new FleetOptions { Tell = output.WriteLine, Several = Scenario.Parse(text).Silos > 1, DiskMebibytes = SmallDisk.CanMount() ? 64 : 0 };
        await using var world = await FleetWorld.Start(options, cancellation);
        await new ScenarioRun(world, output.WriteLine) { Strict = true }.Play(text, cancellation);
    }
}
