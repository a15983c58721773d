using System.Net;
using System.Net.Sockets;

namespace ClusterGrains.Tests.Datasets;

/// <summary>Stands before a server and cuts each connection once so many bytes of answers have passed it.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _end = new();
    private readonly Uri _server;
    private readonly int _bytes;
    private readonly Task _accepting;
    private int _cuts;

    public CuttingProxy(string server, int bytes)
    {
        (_server, _bytes) = (new Uri(server), bytes);
        _listener.Start();
        _accepting = Accept();
    }

    public string Endpoint => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public int Cuts => Volatile.Read(ref _cuts);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _end.Dispose();
    }

    private async Task Accept()
    {
        var running = new List<Task>();
        try
        {
            while (true)
            {
                running.Add(Serve(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(running);
        }
    }

    private async Task Serve(TcpClient client)
    {
        using var server = new TcpClient();
        using (client)
        {
            try
            {
                await server.ConnectAsync(_server.Host, _server.Port, _end.Token);
                var requests = client.GetStream().CopyToAsync(server.GetStream(), _end.Token);
                await Pass(server.GetStream(), client.GetStream());
                client.Client.Close(0);
                await requests;
            }
            catch (Exception ended) when (ended is OperationCanceledException or IOException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Pass(NetworkStream answers, NetworkStream client)
    {
        var buffer = new byte[16 * 1024];
        var left = _bytes;
        while (left > 0 && await answers.ReadAsync(buffer.AsMemory(0, Math.Min(buffer.Length, left)), _end.Token) is > 0 and var read)
        {
            await client.WriteAsync(buffer.AsMemory(0, read), _end.Token);
            left -= read;
        }

        Interlocked.Add(ref _cuts, left == 0 ? 1 : 0);
    }
}
