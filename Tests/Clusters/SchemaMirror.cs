using System.Collections;
using System.Collections.Immutable;
using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json.Serialization;
using ClusterGrains.Clusters;
using ClusterGrains.Resources;
using YamlDotNet.Serialization;

namespace ClusterGrains.Tests.Clusters;

/// <summary>Both sides of the mirror as flat lines, <c>path keyword = value</c>, so that a difference is one line.</summary>
internal static class SchemaMirror
{
    private static readonly string[] Words = ["description"];

    public static Dictionary<object, object> Crd()
    {
        using var stream = Assembly.Load("ClusterGrains.Sandbox").GetManifestResourceStream("crds/searchclusters.yaml")!;
        using var reader = new StreamReader(stream);
        return new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build()
            .Deserialize<Dictionary<object, object>>(reader);
    }

    public static Dictionary<object, object> Root() => At(Crd(), "spec", "versions", 0, "schema", "openAPIV3Schema");

    public static Dictionary<object, object> At(object node, params object[] path) =>
        (Dictionary<object, object>)path.Aggregate(node, (at, step) => step is int i ? ((IList)at)[i]! : ((IDictionary)at)[step]!);

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
                "required" or "enum" => ((List<object>)value).Select(item => $"{path} {key} = {item}"),
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

        var defaults = Activator.CreateInstance(type);
        var properties = type.GetProperties().Where(p => p.GetCustomAttribute<JsonIgnoreAttribute>() is null);
        foreach (var property in properties)
        {
            var name = $"{char.ToLowerInvariant(property.Name[0])}{property.Name[1..]}";
            if (property.GetCustomAttribute<RequiredMemberAttribute>() is not null)
            {
                yield return $"{path} required = {name}";
            }
            else if (property.GetValue(defaults) is { } value)
            {
                yield return $"{path}.{name} default = {Default(value)}";
            }

            foreach (var line in Of($"{path}.{name}", property))
            {
                yield return line;
            }
        }
    }

    private static IEnumerable<string> Of(string path, PropertyInfo property)
    {
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return type switch
        {
            _ when type == typeof(string) => Text(path, property),
            _ when type == typeof(bool) => [$"{path} type = boolean"],
            _ when type == typeof(TimeSpan) =>
            [
                $"{path} type = string",
                $"{path} minLength = {ScheduleSpec.MinDurationLength}",
                $"{path} maxLength = {ScheduleSpec.MaxDurationLength}",
                $"{path} pattern = {ScheduleSpec.DurationPattern}",
            ],
            _ when type.IsEnum => [$"{path} type = string", .. Enum.GetNames(type).Select(name => $"{path} enum = {name}")],
            _ when type == typeof(ImmutableArray<string>) => List(path, property),
            _ => Of(path, type),
        };
    }

    private static IEnumerable<string> Text(string path, PropertyInfo property)
    {
        var length = property.GetCustomAttribute<StringLengthAttribute>()!;
        return
        [
            $"{path} type = string",
            $"{path} minLength = {length.MinimumLength}",
            $"{path} maxLength = {length.MaximumLength}",
            $"{path} pattern = {property.GetCustomAttribute<RegularExpressionAttribute>()!.Pattern}",
        ];
    }

    private static IEnumerable<string> List(string path, PropertyInfo property)
    {
        var length = property.GetCustomAttribute<LengthAttribute>()!;
        var items = property.GetCustomAttribute<ItemsAttribute>()!;
        return
        [
            $"{path} type = array",
            $"{path} minItems = {length.MinimumLength}",
            $"{path} maxItems = {length.MaximumLength}",
            $"{path}[] type = string",
            $"{path}[] maxLength = {items.MaxLength}",
            $"{path}[] pattern = {items.Pattern}",
        ];
    }

    private static string Default(object value) => value switch
    {
        string text when Durations.TryParse(text, out var duration) => Durations.Format(duration),
        TimeSpan duration => Durations.Format(duration),
        string or bool or Enum => value.ToString()!.ToLowerInvariant(),
        _ => "{}",
    };
}
