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

    private const int LowestPort = 15_000;
    private const int PortLimit = 32_000;
    private const int Tries = 100;

    /// <summary>Arguments: a folder for the data, the port (0 for a free one), a <see cref="MongoMode"/>. Prints its address.</summary>
    public static async Task<int> Run(string[] args, CancellationToken cancellationToken)
    {
        using var listener = Listen(int.Parse(args[1], CultureInfo.InvariantCulture));
        var address = listener.LocalEndPoint!.ToString()!;
        var mode = Enum.Parse<MongoMode>(args[2]);

        using var store = new DocumentStore(args[0]);
        var faults = new Faults();
        var dispatcher = new Dispatcher(store, new ServerCommands(address, mode), faults, mode);
        await Console.Out.WriteLineAsync(address);
        await Accept(listener, dispatcher, faults, cancellationToken);
        return 0;
    }

    /// <remarks>
    /// A free port is one below those that the system gives to outgoing connections. Otherwise, while the double is dead,
    /// a client that keeps calling is sooner or later given that very port and connected with itself.
    /// </remarks>
    private static Socket Listen(int port)
    {
        for (var left = Tries; ; left--)
        {
            var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                listener.Bind(new IPEndPoint(IPAddress.Loopback, port > 0 ? port : Random.Shared.Next(LowestPort, PortLimit)));
                listener.Listen();
                return listener;
            }
            catch (SocketException taken) when (taken.SocketErrorCode is SocketError.AddressAlreadyInUse && port == 0 && left > 0)
            {
                listener.Dispose();
            }
        }
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
