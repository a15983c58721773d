using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;

namespace ClusterGrains.Hosting;

/// <summary>
/// Reads what the user set, before anything is bound to it: finds what no setting is called and what no value is, and
/// translates durations and lists into what configuration binding understands.
/// </summary>
internal sealed class SettingsReader
{
    // What the host itself reads from a file or the command line, besides our groups.
    private static readonly string[] HostSections =
        ["Logging", "AllowedHosts", "environment", "contentRoot", "applicationName", "webRoot", "urls"];

    private readonly Dictionary<string, Setting> _known =
        Setting.All.ToDictionary(setting => setting.Name, StringComparer.OrdinalIgnoreCase);

    private readonly HashSet<string> _groups =
        Setting.All.Select(setting => First(setting.Name)).ToHashSet(StringComparer.OrdinalIgnoreCase);

    private readonly List<string> _problems = [];
    private readonly Dictionary<string, string?> _translated = [];

    /// <summary>
    /// The mistakes, one line each, and the values to lay over the configuration: translations, and the defaults of
    /// settings with an unusable value, so that the other mistakes can be found too.
    /// </summary>
    public static (IReadOnlyList<string> Problems, IReadOnlyDictionary<string, string?> Translated) Read(
        IConfigurationRoot configuration)
    {
        var reader = new SettingsReader();
        foreach (var (key, value) in configuration.AsEnumerable().OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            if (value is not null && key.Contains(':', StringComparison.Ordinal) && reader._groups.Contains(First(key)))
            {
                reader.ReadValue(key, value);
            }
        }

        reader.FindStrangeSections(configuration);
        return (reader._problems, reader._translated);
    }

    private void ReadValue(string key, string value)
    {
        var setting = _known.GetValueOrDefault(key);
        if (setting is { IsList: true })
        {
            ReadList(setting, value);
        }
        else if (setting is not null || IsElement(key, out setting))
        {
            Translate(setting!, key, value);
        }
        else
        {
            _problems.Add($"{key} is not a setting; did you mean {Nearest(key)}?");
        }
    }

    private void ReadList(Setting setting, string value)
    {
        var values = value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        for (var i = 0; i < values.Length; i++)
        {
            _translated[$"{setting.Name}:{i}"] = values[i];
            Translate(setting, $"{setting.Name}:{i}", values[i]);
        }
    }

    private void Translate(Setting setting, string key, string value)
    {
        // An empty text clears a setting; binding leaves the default of anything but a text alone then.
        var text = value.Length == 0 && setting.Type != typeof(string) ? setting.Default : value;
        if (text.Length > 0 && setting.Normalise(text) is not { } normal)
        {
            _problems.Add($"{setting.Name} is '{value}', which is not {setting.Form}.");
            text = setting.Default;
        }

        normal = text.Length == 0 ? "" : setting.Normalise(text)!;
        if (normal != value)
        {
            _translated[key] = normal.Length == 0 ? null : normal;
        }
    }

    // A typo in the name of a group would otherwise pass for somebody else's setting. The environment is full of those.
    private void FindStrangeSections(IConfigurationRoot configuration)
    {
        var sections = configuration.Providers
            .Where(provider => provider is CommandLineConfigurationProvider or JsonConfigurationProvider)
            .SelectMany(provider => provider.GetChildKeys([], null))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(section => !_groups.Contains(section) && !HostSections.Contains(section, StringComparer.OrdinalIgnoreCase));
        foreach (var section in sections)
        {
            var key = configuration.GetSection(section).AsEnumerable().LastOrDefault(pair => pair.Value is not null).Key ?? section;
            _problems.Add($"{key} is not a setting; did you mean {Nearest(key)}?");
        }
    }

    private bool IsElement(string key, out Setting? setting)
    {
        var colon = key.LastIndexOf(':');
        setting = _known.GetValueOrDefault(key[..colon]);
        return setting is { IsList: true } && int.TryParse(key.AsSpan(colon + 1), out _);
    }

    private string Nearest(string key) => _known.Keys.MinBy(name => Distance(key.ToUpperInvariant(), name.ToUpperInvariant()))!;

    // Levenshtein, one row at a time.
    private static int Distance(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }

    private static string First(string key) => key.Split(':', 2)[0];
}
