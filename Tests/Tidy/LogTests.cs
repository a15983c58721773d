using System.Globalization;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace ClusterGrains.Tests.Tidy;

public sealed class LogTests
{
    private static readonly string[] DirectCalls =
        ["Log", "LogTrace", "LogDebug", "LogInformation", "LogWarning", "LogError", "LogCritical"];

    /// <summary>The first id of a concept's hundred.</summary>
    private static readonly Dictionary<string, int> Hundreds = new()
    {
        ["Resources"] = 1000,
        ["Clusters"] = 1100,
        ["History"] = 1200,
        ["Status"] = 1300,
        ["Watch"] = 1400,
        ["Storage"] = 1500,
        ["Fleet"] = 1600,
        ["Hosting"] = 1700,
        ["Datasets"] = 1800,
        ["Access"] = 2100,
        ["Telemetry"] = 2400,
    };

    private const int SandboxHundred = 1900;

    [Fact]
    public void Logs_are_written_by_generated_methods_only() => Rule.Holds(
        "A log line is a method of the concept's *Log.cs",
        from source in House.ProductSources
        from call in source.All<InvocationExpressionSyntax>()
        where call.Expression is MemberAccessExpressionSyntax access
            && DirectCalls.Contains(access.Name.Identifier.ValueText)
            && access.Expression.ToString().EndsWith("logger", StringComparison.OrdinalIgnoreCase)
        select $"{source.At(call)}: {call.Expression}(…)");

    [Fact]
    public void Log_lines_live_in_the_log_class_of_their_concept() => Rule.Holds(
        "A [LoggerMessage] is declared in the concept's *Log.cs",
        from message in Messages()
        where !message.Source.Path.EndsWith("Log.cs", StringComparison.Ordinal)
        select message.Source.At(message.Attribute));

    [Fact]
    public void An_event_id_means_one_thing() => Rule.Holds(
        "Event ids are unique",
        from message in Messages()
        group message by message.Id into same
        where same.Count() > 1
        select $"{string.Join(" and ", same.Select(one => one.Source.At(one.Attribute)))} share {same.Key}");

    [Fact]
    public void An_event_id_tells_its_concept() => Rule.Holds(
        "Event ids are in the hundred of their concept",
        from message in Messages()
        let first = message.Source.Project == "Sandbox" ? SandboxHundred : Hundreds.GetValueOrDefault(message.Source.Concept, -1)
        where message.Id < first || message.Id > first + 99
        select $"{message.Source.At(message.Attribute)} has {message.Id}; its concept begins at {first}");

    private static IEnumerable<(SourceFile Source, AttributeSyntax Attribute, int Id)> Messages() =>
        from source in House.ProductSources
        from attribute in source.All<AttributeSyntax>()
        where attribute.Name.ToString() == "LoggerMessage"
        let arguments = attribute.ArgumentList!.Arguments
        let named = arguments.FirstOrDefault(argument => argument.NameEquals?.Name.ToString() == "EventId")
        select (source, attribute, int.Parse((named ?? arguments[0]).Expression.ToString().Replace("_", ""), CultureInfo.InvariantCulture));
}
