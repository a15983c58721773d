using System.Net.Sockets;
using MongoDB.Bson;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>One client, one command after the other.</summary>
internal sealed class Connection(Socket socket, Dispatcher dispatcher, Faults faults)
{
    /// <summary>A client of this name is the test that sets the misbehaviour; it is spared it.</summary>
    public const string ControlName = "mongo-double-control";

    private bool _isControl;

    public async Task Serve(CancellationToken cancellationToken)
    {
        await using var stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            while (await WireMessage.Read(stream, cancellationToken) is { } request)
            {
                _isControl |= IsControl(request.Command);
                if (await Answer(request.Command) is { } answer)
                {
                    await stream.WriteAsync(request.Answer(answer), cancellationToken);
                }
                else if (!faults.IsSilent)
                {
                    return;
                }
            }
        }
        catch (Exception ended) when (ended is IOException or SocketException or OperationCanceledException)
        {
        }
        catch (Exception refused) when (refused is InvalidDataException or FormatException)
        {
            await Console.Error.WriteLineAsync($"A connection was closed: {refused.Message}");
        }
    }

    /// <summary>Null for an answer that must not arrive.</summary>
    private async Task<BsonDocument?> Answer(BsonDocument request)
    {
        try
        {
            if (_isControl)
            {
                return await dispatcher.Run(request);
            }

            await faults.Dawdle();
            if (faults.IsSilent)
            {
                return null;
            }

            var isWrite = Dispatcher.IsWrite(request);
            if (isWrite)
            {
                faults.Refuse();
            }

            var answer = await dispatcher.Run(request);
            return isWrite && faults.LosesAnswer() ? null : answer;
        }
        catch (CommandRefused refused)
        {
            return refused.Answer(isRetryable: request.Contains("txnNumber"));
        }
        catch (Exception unexpected) when (unexpected is not (IOException or OperationCanceledException))
        {
            return new CommandRefused(1, "InternalError", $"The double failed: {unexpected}").Answer(isRetryable: false);
        }
    }

    private static bool IsControl(BsonDocument request) =>
        request.TryGetValue("client", out var client)
        && client is BsonDocument about
        && about.TryGetValue("application", out var application)
        && application["name"] == ControlName;
}
