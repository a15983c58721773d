using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using ClusterGrains.Clusters;
using ClusterGrains.Datasets;
using ClusterGrains.Resources;
using YamlDotNet.Serialization;

namespace ClusterGrains.Tests.Resources;

/// <summary>Both sides of the mirror as flat lines, <c>path keyword = value</c>, so that a difference is one line.</summary>
internal static class SchemaMirror
{
    private static readonly string[] Words = ["description"];

    /// <summary>Every kind's plural and the record that is its spec.</summary>
    public static IReadOnlyDictionary<string, Type> Specs { get; } = new Dictionary<string, Type>
    {
        ["searchclusters"] = typeof(SearchClusterSpec),
        ["searchdatasets"] = typeof(SearchDatasetSpec),
    };

    public static Dictionary<object, object> Crd(string plural)
    {
        using var stream = Assembly.Load("ClusterGrains.Sandbox").GetManifestResourceStream($"crds/{plural}.yaml")!;
        using var reader = new StreamReader(stream);
        return new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize<Dictionary<object, object>>(reader);
    }

    public static Dictionary<object, object> Root(string plural) =>
        At(Crd(plural), "spec", "versions", 0, "schema", "openAPIV3Schema");

    public static Dictionary<object, object> At(object node, params object[] path) =>
        (Dictionary<object, object>)path.Aggregate(node, (at, step) => step is int i ? ((IList)at)[i]! : ((IDictionary)at)[step]!);

    /// <summary>The schema of a field of the spec or the status, for example <c>spec.load.workers</c>.</summary>
    public static Dictionary<object, object> Field(string plural, string path) =>
        At(Root(plural), [.. path.Split('.').SelectMany(step => new object[] { "properties", step })]);

    /// <summary>What a schema asks, descriptions left out.</summary>
    public static IEnumerable<string> Flatten(string path, Dictionary<object, object> schema)
    {
        foreach (var (key, value) in schema.Where(pair => !Words.Contains(pair.Key)))
        {
            var lines = key switch
            {
                "properties" => ((Dictionary<object, object>)value).SelectMany(
                    p => Flatten($"{path}.{p.Key}", (Dictionary<object, object>)p.Value)),
                "items" => Flatten($"{path}[]", (Dictionary<object, object>)value),
                "required" or "enum" or "x-kubernetes-list-map-keys" => ((List<object>)value).Select(item => $"{path} {key} = {item}"),
                "default" => [$"{path} default = {Default(value)}"],
                _ => [$"{path} {key} = {Convert.ToString(value, CultureInfo.InvariantCulture)}"],
            };
            foreach (var line in lines)
            {
                yield return line;
            }
        }
    }

    /// <summary>What the C# model asks.</summary>
    public static IEnumerable<string> Of(string path, Type type)
    {
        yield return $"{path} type = object";
        if (type.GetCustomAttribute<AtMostAttribute>() is { } atMost)
        {
            yield return $"{path} maxProperties = {atMost.Count}";
        }

        var defaults = type.GetConstructor([]) is null ? null : Activator.CreateInstance(type);
        foreach (var field in SpecSchema.Fields(type))
        {
            var name = SpecSchema.Camel(field.Name);
            if (defaults is null || field.GetCustomAttribute<RequiredMemberAttribute>() is not null)
            {
                yield return $"{path} required = {name}";
            }
            else if (field.GetValue(defaults) is { } value and not "" and not ICollection { Count: 0 })
            {
                yield return $"{path}.{name} default = {Default(value)}";
            }

            foreach (var line in Of($"{path}.{name}", field))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Of(string path, PropertyInfo field)
    {
        var type = Nullable.GetUnderlyingType(field.PropertyType) ?? field.PropertyType;
        return type switch
        {
            _ when type == typeof(string) => Text(path, field),
            _ when type == typeof(bool) => [$"{path} type = boolean"],
            _ when type == typeof(int) => [$"{path} type = integer", $"{path} format = int32", .. Limits(path, field)],
            _ when type == typeof(long) => [$"{path} type = integer", $"{path} format = int64", .. Limits(path, field)],
            _ when type == typeof(JsonElement) => [$"{path} type = object", $"{path} x-kubernetes-preserve-unknown-fields = True"],
            _ when type == typeof(TimeSpan) =>
                Form(path, DurationConverter.MinLength, DurationConverter.MaxLength, DurationConverter.Pattern),
            _ when type == typeof(ByteQuantity) => Form(path, 1, ByteQuantity.MaxLength, ByteQuantity.Pattern),
            _ when type.IsEnum => [$"{path} type = string", .. Enum.GetNames(type).Select(name => $"{path} enum = {name}")],
            _ when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(ImmutableArray<>) => List(path, field, type),
            _ => Of(path, type),
        };
    }

    private static IEnumerable<string> Text(string path, PropertyInfo field)
    {
        var length = field.GetCustomAttribute<LengthAttribute>()!;
        return Form(path, length.MinimumLength, length.MaximumLength, field.GetCustomAttribute<RegularExpressionAttribute>()?.Pattern);
    }

    private static IEnumerable<string> Form(string path, int minimum, int maximum, string? pattern) =>
    [
        $"{path} type = string",
        .. minimum == 0 ? Array.Empty<string>() : [$"{path} minLength = {minimum}"],
        $"{path} maxLength = {maximum}",
        .. pattern is null ? Array.Empty<string>() : [$"{path} pattern = {pattern}"],
    ];

    private static IEnumerable<string> Limits(string path, PropertyInfo field)
    {
        var range = field.GetCustomAttribute<RangeAttribute>()!;
        yield return $"{path} minimum = {Convert.ToString(range.Minimum, CultureInfo.InvariantCulture)}";
        if (range.Maximum is not (double and >= long.MaxValue))
        {
            yield return $"{path} maximum = {Convert.ToString(range.Maximum, CultureInfo.InvariantCulture)}";
        }
    }

    /// <summary>Records in a list are told apart, and merged, by their name.</summary>
    private static IEnumerable<string> List(string path, PropertyInfo field, Type type)
    {
        var length = field.GetCustomAttribute<LengthAttribute>()!;
        var items = field.GetCustomAttribute<ItemsAttribute>();
        return
        [
            $"{path} type = array",
            .. length.MinimumLength == 0 ? Array.Empty<string>() : [$"{path} minItems = {length.MinimumLength}"],
            $"{path} maxItems = {length.MaximumLength}",
            .. items is null
                ? Of($"{path}[]", type.GenericTypeArguments[0])
                    .Append($"{path} x-kubernetes-list-type = map").Append($"{path} x-kubernetes-list-map-keys = name")
                : Form($"{path}[]", 0, items.MaxLength, items.Pattern),
        ];
    }

    private static string Default(object value) => value switch
    {
        string text when Durations.TryParse(text, out var duration) => Durations.Format(duration),
        TimeSpan duration => Durations.Format(duration),
        string or bool or Enum or ByteQuantity => value.ToString()!.ToLowerInvariant(),
        IConvertible number => number.ToString(CultureInfo.InvariantCulture),
        _ => "{}",
    };
}
