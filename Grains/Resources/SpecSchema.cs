using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;

namespace ClusterGrains.Resources;

/// <summary>
/// What the attributes of a spec's records ask, and so what our schema asks. The API server has checked it, but with the
/// schema that is installed, which may be another one.
/// </summary>
internal static class SpecSchema
{
    /// <summary>The name of a property as users write it.</summary>
    public static string Camel(string name) => $"{char.ToLowerInvariant(name[0])}{name[1..]}";

    /// <summary>The members of a spec's record that users write.</summary>
    public static IEnumerable<PropertyInfo> Fields(Type type) => type.GetProperties()
        .Where(property => property.GetCustomAttribute<JsonIgnoreAttribute>() is null);

    /// <summary>A text of a stranger. Up to the last @ may be a password, however broken the rest is.</summary>
    public static string Shown(string text)
    {
        var at = text.LastIndexOf('@');
        return SafeText.Clean(at < 0 ? text : $"…{text[at..]}", 128);
    }

    public static IEnumerable<SpecProblem> Check(string path, object spec)
    {
        var values = Fields(spec.GetType())
            .Select(field => (Field: field, Path: $"{path}.{Camel(field.Name)}", Value: field.GetValue(spec)))
            .Where(one => one.Value is not null)
            .ToArray();
        var tooMany = spec.GetType().GetCustomAttribute<AtMostAttribute>() is { } atMost && values.Length > atMost.Count
            ? new SpecProblem(path, string.Join(", ", values.Select(one => Camel(one.Field.Name))), $"Keep {Words(atMost.Count)} of them.")
            : null;
        return values.SelectMany(one => Check(one.Field, one.Path, one.Value!)).Concat(tooMany is null ? [] : [tooMany]);
    }

    private static IEnumerable<SpecProblem> Check(PropertyInfo field, string path, object value) => value switch
    {
        string text => Text(field, path, text),
        TimeSpan or int or long => Number(field.GetCustomAttribute<RangeAttribute>(), path, value),
        IEnumerable list => List(field, path, [.. list.Cast<object?>()]),
        ValueType => [],
        _ => Check(path, value),
    };

    private static IEnumerable<SpecProblem> Text(PropertyInfo field, string path, string text)
    {
        var length = field.GetCustomAttribute<LengthAttribute>();
        var form = field.GetCustomAttribute<RegularExpressionAttribute>();
        if (length?.IsValid(text) is false)
        {
            yield return new(path, Shown(text), form?.ErrorMessage ?? $"Write {length.MinimumLength} to {length.MaximumLength} characters.");
        }
        else if (form?.IsValid(text) is false)
        {
            yield return new(path, Shown(text), form.ErrorMessage ?? $"Write it in the form {form.Pattern}.");
        }
    }

    private static IEnumerable<SpecProblem> Number(RangeAttribute? range, string path, object value) =>
        range?.IsValid(value) is false ? [new(path, Text(value), $"Write {Limits(range)}.")] : [];

    private static IEnumerable<SpecProblem> List(PropertyInfo field, string path, object?[] items)
    {
        var length = field.GetCustomAttribute<LengthAttribute>();
        if (length is not null && (items.Length < length.MinimumLength || items.Length > length.MaximumLength))
        {
            return [new(path, $"{items.Length} of them", $"Write {length.MinimumLength} to {length.MaximumLength} of them.")];
        }

        return items.SelectMany((item, i) => item switch
        {
            null => [new($"{path}[{i}]", "", "Write something or take it out.")],
            string => [],
            _ => Check($"{path}[{i}]", item),
        });
    }

    private static string Limits(RangeAttribute range) => range.Maximum is double and >= long.MaxValue
        ? $"{Text(range.Minimum)} or more"
        : $"{Text(range.Minimum)} to {Text(range.Maximum)}";

    private static string Text(object value) =>
        value is TimeSpan duration ? Durations.Format(duration) : Convert.ToString(value, CultureInfo.InvariantCulture)!;

    private static string Words(int count) => count == 1 ? "one" : count.ToString(CultureInfo.InvariantCulture);
}
