using System.Collections;
using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using ClusterGrains.Resources;

namespace ClusterGrains.Hosting;

/// <summary>One setting: a leaf of an options class, named as in configuration.</summary>
/// <param name="Name">For example <c>Storage:Sqlite:Path</c>.</param>
/// <param name="Owner">The options class that declares it.</param>
/// <param name="Type">Of one value; of one element when <paramref name="IsList"/>.</param>
/// <param name="IsList">Whether it takes several values: indexed children, or one text with commas.</param>
/// <param name="Default">As it would be written; empty for none.</param>
internal sealed record Setting(string Name, Type Owner, Type Type, bool IsList, string Default)
{
    /// <summary>
    /// Every setting there is: every class of ours with a constant <c>Section</c> is a group, its properties are the
    /// settings. Ordered by name.
    /// </summary>
    public static IReadOnlyList<Setting> All { get; } =
        [.. Groups().SelectMany(Of).OrderBy(setting => setting.Name, StringComparer.Ordinal)];

    /// <summary>Never shown, also not in a message about it.</summary>
    public bool IsSecret =>
        Name.EndsWith("Key", StringComparison.Ordinal) || Name.EndsWith("ConnectionString", StringComparison.Ordinal);

    /// <summary>The value as configuration binding reads it; null when it is not a value of this setting.</summary>
    public string? Normalise(string text)
    {
        if (Type == typeof(TimeSpan))
        {
            return ReadTime(text) is { } time ? time.ToString("c", CultureInfo.InvariantCulture) : null;
        }

        try
        {
            return TypeDescriptor.GetConverter(Type).ConvertFromInvariantString(text) is null ? null : text;
        }
        catch (Exception failure) when (failure is ArgumentException or FormatException or NotSupportedException)
        {
            return null;
        }
    }

    /// <summary>What a value looks like, to end the sentence "… is not".</summary>
    public string Form => Type switch
    {
        _ when Type == typeof(TimeSpan) => "a duration such as 90s, 5m or 1h30m",
        _ when Type == typeof(bool) => "true or false",
        _ when Type == typeof(int) || Type == typeof(long) => "a whole number",
        _ when Type == typeof(double) => "a number",
        _ when Type == typeof(Uri) => "a URI",
        _ when Type == typeof(DateOnly) => "a day such as 2026-03-01",
        { IsEnum: true } => $"one of {string.Join(", ", Enum.GetNames(Type))}",
        _ => $"a {Type.Name}",
    };

    private static IEnumerable<(string Section, Type Options)> Groups() =>
        from type in new[] { typeof(CheckOptions).Assembly, typeof(Setting).Assembly }.SelectMany(a => a.GetTypes())
        let section = type.GetField("Section", BindingFlags.Public | BindingFlags.Static)
        where section is { IsLiteral: true }
        select ((string)section.GetRawConstantValue()!, type);

    private static IEnumerable<Setting> Of((string Section, Type Options) group) =>
        Of(group.Section, Activator.CreateInstance(group.Options)!);

    private static IEnumerable<Setting> Of(string prefix, object options)
    {
        foreach (var property in options.GetType().GetProperties().Where(p => p.GetIndexParameters().Length == 0))
        {
            var name = $"{prefix}:{property.Name}";
            var value = property.GetValue(options);
            var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (IsScalar(type))
            {
                yield return new Setting(name, options.GetType(), type, IsList: false, Text(value));
            }
            else if (Element(type) is { } element)
            {
                yield return new Setting(name, options.GetType(), element, IsList: true, Text(value));
            }
            else if (value is not null)
            {
                foreach (var nested in Of(name, value))
                {
                    yield return nested;
                }
            }
        }
    }

    private static bool IsScalar(Type type) => TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    private static Type? Element(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)) ? type.GetGenericArguments()[0]
        : null;

    private static string Text(object? value) => value switch
    {
        null => "",
        string text => text,
        bool flag => flag ? "true" : "false",
        TimeSpan time => Durations.Format(time),
        IEnumerable list => string.Join(",", list.Cast<object>().Select(Text)),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };

    // A bare number is a count of days to TimeSpan; nobody means that.
    private static TimeSpan? ReadTime(string text) =>
        Durations.TryParse(text, out var duration) ? duration
        : text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var time) ? time
        : null;
}
