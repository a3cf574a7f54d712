using System.CommandLine;
using System.Net;
using System.Net.Sockets;
using Shared.Contracts;

namespace Sync.Node.Hosting;

/// <summary>Asks a running 'serve' whether it is ready, or live: the probe of a container, whose image has no other program that could ask.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        Option<Uri> address = new("--listen")
        {
            HelpName = "url",
            CustomParser = ServeOptions.ParseAddress,
            DefaultValueFactory = _ => ServeOptions.DefaultRest,
            Description = "Where 'serve' serves REST.",
        };
        Option<string?> socket = new("--socket") { HelpName = "path", Description = "The Unix socket at which 'serve' serves REST." };
        Option<bool> live = new("--live") { Description = "Asks whether it answers at all, also before its first release." };
        Command health = new("health", "Asks a running 'serve' whether it is ready; exit code 1 where it is not.") { address, socket, live };
        health.SetAction((parsed, stop) => RunAsync(parsed.GetValue(address)!, parsed.GetValue(socket), parsed.GetValue(live), stop));
        return health;
    }

    /// <param name="socket">Null to ask at the address.</param>
    /// <returns>0 when it is.</returns>
    public static async Task<int> RunAsync(Uri address, string? socket, bool isLive, CancellationToken cancellationToken)
    {
        string state = isLive ? "live" : "ready";
        string place = socket ?? address.ToString();
        using HttpClient http = new(CreateHandler(socket)) { Timeout = Deadline };
        try
        {
            using HttpResponseMessage answer = await http.GetAsync(
                new Uri(socket is null ? address : new Uri("http://localhost"), $"v2/health/{state}"), HttpCompletionOption.ResponseHeadersRead,
                cancellationToken);
            return answer.StatusCode switch
            {
                HttpStatusCode.OK => Succeed(state),
                HttpStatusCode.ServiceUnavailable => Fail($"{place} is not ready: not each of its models has an active version"),
                _ => Fail($"{place} answers {(int)answer.StatusCode}: that is not where relay-node serves REST"),
            };
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return Fail($"no relay-node answers at {place}: check that 'relay-node serve' runs there, or name its --listen or --socket");
        }
    }

    private static SocketsHttpHandler CreateHandler(string? path) => new()
    {
        UseProxy = false,
        AllowAutoRedirect = false,
        ConnectCallback = path is null ? null : async (_, cancellationToken) =>
        {
            Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            try
            {
                await socket.ConnectAsync(new UnixDomainSocketEndPoint(path), cancellationToken);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        },
    };

    private static int Succeed(string state)
    {
        Console.WriteLine(state);
        return 0;
    }

    private static int Fail(string why)
    {
        Console.Error.WriteLine(DisplayText.Format($"relay-node: {why}"));
        return 1;
    }
}
