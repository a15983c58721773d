using System.Globalization;
using System.Text.RegularExpressions;
using ClusterGrains.Resources;
using Microsoft.Extensions.Options;

namespace ClusterGrains.Hosting;

/// <summary>Asks every validator that is registered to run at start, and words what they object to.</summary>
internal static partial class SettingsValidation
{
    /// <summary>One line per mistake; empty when all settings are usable.</summary>
    public static IReadOnlyList<string> Problems(IServiceProvider services)
    {
        try
        {
            services.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (Exception failure) when (failure is OptionsValidationException or AggregateException)
        {
            var invalid = failure is AggregateException several ? several.Flatten().InnerExceptions : [failure];
            var configuration = services.GetRequiredService<IConfiguration>();
            return [.. invalid.OfType<OptionsValidationException>()
                .SelectMany(one => one.Failures)
                .Select(sentence => Word(sentence, configuration))
                .Distinct()];
        }
    }

    // Generated validators say "Port: The field HttpOptions.Port must be …", whatever message the attribute asks for.
    private static string Word(string sentence, IConfiguration configuration)
    {
        // Those with a message of their own come as "Path: Storage:Sqlite:Path is empty."
        if (Member().Match(sentence) is { Success: true } own && Setting.All.Any(known => known.Name == own.Groups["setting"].Value))
        {
            return own.Groups["text"].Value;
        }

        var match = Generated().Match(sentence);
        var setting = Setting.All.FirstOrDefault(setting =>
            setting.Owner.Name == match.Groups["owner"].Value
            && setting.Name.EndsWith($":{match.Groups["property"].Value}", StringComparison.Ordinal));
        if (setting is null)
        {
            return sentence;
        }

        var value = configuration[setting.Name];
        var seen = string.IsNullOrEmpty(value) || setting.IsSecret ? "" : $"; it is {value}";
        return ClockTime().Replace(
            $"{setting.Name} {match.Groups["rule"].Value}{seen}.",
            time => Durations.Format(TimeSpan.Parse(time.Value, CultureInfo.InvariantCulture)));
    }

    [GeneratedRegex(@"^\w+: The (field )?(?<owner>\w+)\.(?<property>\w+)( field)? (?<rule>.*?)\.?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Generated();

    [GeneratedRegex(@"^\w+: (?<text>(?<setting>[\w:]+) .*)$", RegexOptions.ExplicitCapture)]
    private static partial Regex Member();

    [GeneratedRegex(@"\b([0-9]+\.)?[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]+)?\b", RegexOptions.ExplicitCapture)]
    private static partial Regex ClockTime();
}
