using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace ClusterGrains.Tests.MongoDouble;

/// <summary>
/// A process that plays MongoDB for the provider: it speaks OP_MSG, does what the provider sends atomically and durably,
/// and refuses everything else by name. Its speed is not MongoDB's.
/// </summary>
internal static class DoubleServer
{
    public const string Verb = "mongo-double";

    /// <summary>Arguments: a folder for the data, the port (0 for a free one), a <see cref="MongoMode"/>. Prints its address.</summary>
    public static async Task<int> Run(string[] args, CancellationToken cancellationToken)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, int.Parse(args[1], CultureInfo.InvariantCulture)));
        listener.Listen();
        var address = listener.LocalEndPoint!.ToString()!;
        var mode = Enum.Parse<MongoMode>(args[2]);

        using var store = new DocumentStore(args[0]);
        var faults = new Faults();
        var dispatcher = new Dispatcher(store, new ServerCommands(address, mode), faults, mode);
        await Console.Out.WriteLineAsync(address);
        await Accept(listener, dispatcher, faults, cancellationToken);
        return 0;
    }

    private static async Task Accept(Socket listener, Dispatcher dispatcher, Faults faults, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync(cancellationToken);
                client.NoDelay = true;
                _ = new Connection(client, dispatcher, faults).Serve(cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }
}
