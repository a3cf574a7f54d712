using System.Diagnostics;
using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Relay.TestKit;
using Relay.TestKit.Models;
using Relay.TestKit.Trust;
using Sync.Client;
using Sync.Node.Hosting;
using Sync.Node.Inference.Answers;

namespace Benchmarks.Node;

/// <summary>What a program of another language waits longer for an answer of <c>relay-node serve</c> than a .NET app does for its own: one row of 29
/// numbers as a binary tensor, over a Unix socket.</summary>
internal static class SidecarRows
{
    private const int Inputs = 29;
    private const int WarmUp = 40_000;
    private const int Rounds = 40;
    private const int CallsOfARound = 2500;
    private const double Percentile = 0.99;

    public static async Task<IReadOnlyList<BenchRow>> RunAsync(CancellationToken cancellationToken)
    {
        using TemporaryFolder folder = new();
        TestModel model = TestModel.Create(numbers: Inputs, trees: 100, depth: 6);
        using TestRepository repository = await TestRepository.CreateAsync(TestClock.Running());
        using MisbehavingRepository served = new(repository);
        await using RepositoryServer server = await RepositoryServer.StartAsync(served);
        await repository.PublishAsync(model.Description.Name, model.Description.Version, model.Onnx);
        await File.WriteAllBytesAsync(folder.Combine("root.json"), repository.FirstRoot, cancellationToken);
        await using WebApplication sidecar = NodeHost.CreateServe(
            o =>
            {
                (o.Relay, o.TlsRoot, o.TrustedRoot) = (server.Address, server.TlsRoot, folder.Combine("root.json"));
                (o.StoreFolder, o.NodeId, o.PollInterval, o.Push) = (folder.Combine("store"), "node-1", TimeSpan.FromHours(1), false);
                o.Models.Add(model.Description.Name);
            },
            new ServeSettings(null, null, folder.Combine("rest.sock"), null, AllowsRemote: false, new InferenceLimits(1000, 1 << 20)),
            logging => logging.ClearProviders());
        await sidecar.StartAsync(cancellationToken);
        SyncClient node = sidecar.Services.GetRequiredService<SyncClient>();
        await node.WaitUntilReadyAsync(cancellationToken);

        await using WebApplication fixedAnswers = CreateFixedAnswers(folder.Combine("fixed.sock"));
        await fixedAnswers.StartAsync(cancellationToken);

        float[] row = [.. Enumerable.Range(0, Inputs).Select(i => i / (float)Inputs)];
        (Times over, Times floor, Times inside) = await Task.Run(
            () => Measure(folder, model.Description.Name, node.Models.Single(), row, cancellationToken), cancellationToken);
        await fixedAnswers.StopAsync(cancellationToken);
        await sidecar.StopAsync(cancellationToken);
        return
        [
            BenchRow.LowerIsBetter(
                "node.sidecar.p99.us", over.Tail - inside.Tail, null, "us",
                $"added over a call in the process, medians of {Rounds} rounds of {CallsOfARound} calls, one connection: " +
                    $"p50 {over.Middle:F1} and {inside.Middle:F1}, p99 {over.Tail:F1} and {inside.Tail:F1}; " +
                    $"Kestrel with a fixed answer on such a socket: p50 {floor.Middle:F1}, p99 {floor.Tail:F1}"),
        ];
    }

    // In turn, and in short rounds: what else the machine does falls on all of them, and on few rounds.
    private static (Times Over, Times Floor, Times Inside) Measure(
        TemporaryFolder folder, string name, IRelayModel model, float[] row, CancellationToken cancellationToken)
    {
        byte[] request = CreateRequest(name, row);
        float[] probabilities = new float[model.Active.Schema.OutputWidth];
        using Socket sidecar = Connect(folder.Combine("rest.sock"));
        using Socket fixedAnswers = Connect(folder.Combine("fixed.sock"));
        Action[] calls = [() => Ask(sidecar, request), () => Ask(fixedAnswers, request), () => model.Predict(row, probabilities)];
        Array.ForEach(calls, call => MeasureRound(call, WarmUp, cancellationToken));
        List<Times>[] rounds = [[], [], []];
        for (int round = 0; round < Rounds; round++)
        {
            for (int i = 0; i < calls.Length; i++)
            {
                rounds[i].Add(MeasureRound(calls[i], CallsOfARound, cancellationToken));
            }
        }

        return (Median(rounds[0]), Median(rounds[1]), Median(rounds[2]));
    }

    private static Times Median(List<Times> rounds) =>
        new(rounds.Select(r => r.Middle).Order().ElementAt(rounds.Count / 2), rounds.Select(r => r.Tail).Order().ElementAt(rounds.Count / 2));

    /// <summary>What a server costs that does nothing: it reads the body and answers as many bytes as the sidecar does.</summary>
    private static WebApplication CreateFixedAnswers(string path)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.ListenUnixSocket(path));
        builder.Services.Configure<SocketTransportOptions>(o => o.UnsafePreferInlineScheduling = true);
        WebApplication app = builder.Build();
        byte[] answer = new byte[320];
        app.Run(async http =>
        {
            ReadResult body = await http.Request.BodyReader.ReadAsync();
            http.Request.BodyReader.AdvanceTo(body.Buffer.End);
            http.Response.ContentLength = answer.Length;
            await http.Response.BodyWriter.WriteAsync(answer);
        });
        return app;
    }

    private static byte[] CreateRequest(string model, float[] row)
    {
        byte[] json = Encoding.UTF8.GetBytes(
            "{\"parameters\":{\"binary_data_output\":true},\"outputs\":[{\"name\":\"probabilities\"}],\"inputs\":[{\"name\":\"rows\"," +
                $"\"datatype\":\"FP32\",\"shape\":[1,{Inputs}],\"parameters\":{{\"binary_data_size\":{Inputs * sizeof(float)}}}}}]}}");
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST /v2/models/{model}/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: {json.Length + (Inputs * sizeof(float))}\r\n" +
                $"Inference-Header-Content-Length: {json.Length}\r\n\r\n");
        return [.. head, .. json, .. MemoryMarshal.AsBytes(row.AsSpan())];
    }

    private static Socket Connect(string path)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return socket;
    }

    private static void Ask(Socket socket, byte[] request)
    {
        Span<byte> answer = stackalloc byte[2048];
        socket.Send(request);
        int read = socket.Receive(answer);
        if (read < 100 || !answer.StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(answer[..read]));
        }
    }

    private static Times MeasureRound(Action call, int calls, CancellationToken cancellationToken)
    {
        double[] times = new double[calls];
        for (int i = 0; i < calls; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            call();
            times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
        }

        Array.Sort(times);
        return new(times[calls / 2], times[(int)(calls * Percentile)]);
    }

    /// <summary>Microseconds of a call.</summary>
    private readonly record struct Times(double Middle, double Tail);
}
