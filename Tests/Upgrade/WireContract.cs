using System.Globalization;
using System.Reflection;
using ClusterGrains.Resources;
using ClusterGrains.Tests.Tidy;

namespace ClusterGrains.Tests.Upgrade;

/// <summary>
/// Everything that silos of two versions may say to each other, one line each: members by alias, id and type, values of enums by
/// name and number, methods by their identity. Lines may be added, and never go: an older silo would read another thing or nothing.
/// </summary>
internal static class WireContract
{
    private static readonly NullabilityInfoContext Nullability = new();

    /// <summary>As the code has it.</summary>
    public static IReadOnlyList<string> Today() => [.. Types().SelectMany(Lines), .. Methods()];

    /// <summary>What a version published and is not there any more.</summary>
    public static IEnumerable<string> Missing(IEnumerable<string> published, IReadOnlyCollection<string> today) =>
        published.Where(line => line.Length > 0).Except(today, StringComparer.Ordinal);

    /// <summary>Every type that travels.</summary>
    public static IEnumerable<Type> Types() => typeof(Manifest).Assembly.GetTypes()
        .Where(type => type.GetCustomAttribute<GenerateSerializerAttribute>() is not null)
        .OrderBy(Alias, StringComparer.Ordinal);

    public static string Alias(Type type) => type.GetCustomAttribute<AliasAttribute>()?.Alias ?? type.FullName!;

    private static IEnumerable<string> Lines(Type type) => type.IsEnum
        ? Enum.GetNames(type).Select(name => string.Create(
            CultureInfo.InvariantCulture, $"{Alias(type)} = {Convert.ToInt64(Enum.Parse(type, name), CultureInfo.InvariantCulture)} {name}"))
        : from property in type.GetProperties(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.DeclaredOnly)
          let id = property.GetCustomAttribute<IdAttribute>()?.Id
          where id is not null
          orderby id
          select string.Create(CultureInfo.InvariantCulture, $"{Alias(type)} #{id} {property.Name}: {Name(property)}");

    /// <summary>As the contract analyzer of Orleans keeps them; it fails the build when they are not the code's.</summary>
    private static IEnumerable<string> Methods()
    {
        var owner = "";
        foreach (var line in House.Read("Interfaces/OrleansContracts.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.StartsWith("interface ", StringComparison.Ordinal))
            {
                owner = line["interface ".Length..line.IndexOf(']', StringComparison.Ordinal)] + "]";
                yield return owner;
            }
            else if (line.StartsWith("  ", StringComparison.Ordinal))
            {
                yield return $"{owner} {line.Trim()}";
            }
        }
    }

    private static string Name(PropertyInfo property) =>
        Name(property.PropertyType) + (property.PropertyType.IsValueType || Nullability.Create(property).ReadState is not NullabilityState.Nullable ? "" : "?");

    private static string Name(Type type) => Nullable.GetUnderlyingType(type) is { } value ? $"{Name(value)}?"
        : type.GetCustomAttribute<AliasAttribute>() is { } alias ? alias.Alias
        : type.IsGenericType ? $"{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}<{string.Join(", ", type.GetGenericArguments().Select(Name))}>"
        : type.Name;
}
