using System.Text.Json.Nodes;
using ClusterGrains.Sandbox.Kubernetes.Requests;

namespace ClusterGrains.Sandbox.Kubernetes;

/// <summary>
/// <c>POST /sandbox/faults</c>: <see cref="Faults"/> for curl. Every member of the body is optional:
/// <c>{"answer":{"status":429,"count":3,"retryAfterSeconds":1,"method":"PUT","path":"/status"},
/// "delay":{"milliseconds":500,"count":1}, "blackHole":{"watch":true}, "watches":"silence"|"drop", "undecodable":true,
/// "forgetHistory":true, "data":"backup"|"restore", "clear":true}</c>. GET tells how many requests are still to be answered or delayed.
/// </summary>
internal static class FaultsEndpoint
{
    public const string Path = "/sandbox/faults";

    private const int MaxCount = 1_000_000;
    private const int MaxDelayMilliseconds = 600_000;

    public static JsonObject Apply(JsonObject body, Faults faults)
    {
        if (body.Flag("clear"))
        {
            faults.Clear();
        }

        if (body.Member("answer") is { } answer)
        {
            var status = (int)InRange(answer, "status", 500, 400, 599);
            var retryAfter = answer.Integer("retryAfterSeconds") is { } seconds ? TimeSpan.FromSeconds(seconds) : (TimeSpan?)null;
            faults.AnswerNext((int)InRange(answer, "count", 1, 1, MaxCount), status, retryAfter, Scope(answer));
        }

        if (body.Member("delay") is { } delay)
        {
            var milliseconds = InRange(delay, "milliseconds", 1_000, 0, MaxDelayMilliseconds);
            faults.DelayNext((int)InRange(delay, "count", 1, 1, MaxCount), TimeSpan.FromMilliseconds(milliseconds), Scope(delay));
        }

        if (body.Member("blackHole") is { } blackHole)
        {
            faults.BlackHole(Scope(blackHole));
        }

        if (body.Flag("undecodable"))
        {
            faults.InjectUndecodable();
        }

        if (body.Flag("forgetHistory"))
        {
            faults.ForgetHistory();
        }

        ApplyToWatches(body, faults);
        ApplyToData(body, faults);
        return new JsonObject { ["pending"] = faults.Pending };
    }

    private static void ApplyToWatches(JsonObject body, Faults faults)
    {
        switch (body.Text("watches"))
        {
            case "silence":
                faults.SilenceWatches();
                break;
            case "drop":
                faults.DropWatches();
                break;
            case { } other:
                throw new StatusException(ApiStatus.BadRequest($"watches is \"{other}\"; it can be silence or drop"));
        }
    }

    private static void ApplyToData(JsonObject body, Faults faults)
    {
        switch (body.Text("data"))
        {
            case null:
                break;
            case "backup":
                faults.Backup();
                break;
            case "restore" when faults.Restore():
                break;
            case "restore":
                throw new StatusException(ApiStatus.BadRequest("there is no backup to restore from"));
            case var other:
                throw new StatusException(ApiStatus.BadRequest($"data is \"{other}\"; it can be backup or restore"));
        }
    }

    private static FaultScope Scope(JsonObject fault) =>
        new(fault.Text("method"), fault.Text("path"), fault.ContainsKey("watch") ? fault.Flag("watch") : null);

    private static long InRange(JsonObject fault, string name, long usual, long least, long most) =>
        (fault.Integer(name) ?? usual) is var value && value >= least && value <= most
            ? value
            : throw new StatusException(ApiStatus.BadRequest($"{name} is {value}; it must be {least} to {most}"));
}
