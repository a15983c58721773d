using ClusterGrains.Hosting;
using ClusterGrains.Resources;
using Microsoft.Extensions.Configuration;

namespace ClusterGrains.Tests.Hosting;

public sealed class SettingsTests
{
    [Theory]
    [InlineData("Checks:MaxConcurent", "Checks:MaxConcurrent")]
    [InlineData("Orleans:SiloPrt", "Orleans:SiloPort")]
    [InlineData("Http:Prot", "Http:Port")]
    public void An_unknown_setting_is_named_with_the_nearest_known_one(string typo, string known) =>
        Assert.Equal([$"{typo} is not a setting; did you mean {known}?"], Problems((typo, "1")));

    [Fact]
    public void A_typo_in_the_section_is_found_on_the_command_line()
    {
        var configuration = new ConfigurationBuilder().AddCommandLine(["--Cheks:MaxConcurrent=7"]).Build();

        Assert.Equal(
            ["Cheks:MaxConcurrent is not a setting; did you mean Checks:MaxConcurrent?"],
            SettingsReader.Read(configuration).Problems);
    }

    [Fact]
    public void Other_peoples_settings_are_none_of_our_business() =>
        Assert.Empty(Problems(("KUBERNETES_SERVICE_HOST", "10.0.0.1"), ("Logging:LogLevel:Default", "Debug"), ("PATH", "/bin")));

    [Theory]
    [InlineData("Http:Port", "abc", "Http:Port is 'abc', which is not a whole number.")]
    [InlineData("Status:Refresh", "5", "Status:Refresh is '5', which is not a duration such as 90s, 5m or 1h30m.")]
    [InlineData("Status:Refresh", "-5m", "Status:Refresh is '-5m', which is not a duration such as 90s, 5m or 1h30m.")]
    public void An_unreadable_value_is_named_with_what_is_expected(string name, string value, string problem) =>
        Assert.Equal([problem], Problems((name, value)));

    [Theory]
    [InlineData("1h30m", "01:30:00")]
    [InlineData("00:00:45", "00:00:45")]
    public void Durations_are_written_as_in_a_spec_or_as_clock_time(string text, string expected)
    {
        var configuration = Configuration(("Checks:MinimumInterval", text));
        var bound = new ConfigurationBuilder()
            .AddConfiguration(configuration)
            .AddInMemoryCollection(SettingsReader.Read(configuration).Translated)
            .Build().GetSection(CheckOptions.Section).Get<CheckOptions>();

        Assert.Equal(TimeSpan.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), bound!.MinimumInterval);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once()
    {
        using var folder = new SiloFolder();

        var failure = Assert.Throws<SettingsException>(() => SiloHost.Build(
        [
            .. folder.Settings,
            "--Http:Port=70000", "--Management:Port=x", "--Orleans:ClusterId=", "--Status:Refresh=2h", "--Http:Bind=any",
        ]));

        Assert.Equal(
            [
                "Http:Bind is not a setting; did you mean Http:Port?",
                "Http:Port must be between 0 and 65535; it is 70000.",
                "Management:Port is 'x', which is not a whole number.",
                "Orleans:ClusterId is required.",
                "Status:Refresh must be between 1s and 1h; it is 2h.",
            ],
            failure.Problems.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Two_ports_that_are_the_same_are_both_named()
    {
        using var folder = new SiloFolder();
        var port = Ports.Free();

        var failure = Assert.Throws<SettingsException>(() => SiloHost.Build(
            [.. folder.Settings, $"--Http:Port={port}", $"--Management:Port={port}"]));

        Assert.Equal([$"Http:Port and Management:Port are both {port}; give each its own."], failure.Problems);
    }

    private static IReadOnlyList<string> Problems(params (string Key, string Value)[] settings) =>
        SettingsReader.Read(Configuration(settings)).Problems;

    private static IConfigurationRoot Configuration(params (string Key, string Value)[] settings) =>
        new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
            .Build();
}
