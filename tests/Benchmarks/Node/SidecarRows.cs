using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Builder;
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
    private const int Calls = 100_000;
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

        float[] row = [.. Enumerable.Range(0, Inputs).Select(i => i / (float)Inputs)];
        double[] over = await Task.Run(
            () => MeasureSocket(folder.Combine("rest.sock"), model.Description.Name, row, cancellationToken), cancellationToken);
        double[] inside = await Task.Run(() => MeasureModel(node.Models.Single(), row, cancellationToken), cancellationToken);
        await sidecar.StopAsync(cancellationToken);
        return
        [
            BenchRow.LowerIsBetter(
                "node.sidecar.p99.us", At(over, Percentile) - At(inside, Percentile), null, "us",
                $"added over a call in the process, {Calls} calls, one connection: p50 {At(over, 0.5):F1} and {At(inside, 0.5):F1}, " +
                    $"p99 {At(over, Percentile):F1} and {At(inside, Percentile):F1}"),
        ];
    }

    private static double[] MeasureSocket(string path, string model, float[] row, CancellationToken cancellationToken)
    {
        byte[] json = Encoding.UTF8.GetBytes(
            "{\"parameters\":{\"binary_data_output\":true},\"outputs\":[{\"name\":\"probabilities\"}],\"inputs\":[{\"name\":\"rows\"," +
                $"\"datatype\":\"FP32\",\"shape\":[1,{Inputs}],\"parameters\":{{\"binary_data_size\":{Inputs * sizeof(float)}}}}}]}}");
        byte[] head = Encoding.ASCII.GetBytes(
            $"POST /v2/models/{model}/infer HTTP/1.1\r\nHost: localhost\r\nContent-Length: {json.Length + (Inputs * sizeof(float))}\r\n" +
                $"Inference-Header-Content-Length: {json.Length}\r\n\r\n");
        byte[] request = [.. head, .. json, .. MemoryMarshal.AsBytes(row.AsSpan())];
        byte[] answer = new byte[8192];
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        return Measure(
            () =>
            {
                socket.Send(request);
                int read = socket.Receive(answer);
                if (read < 100 || !answer.AsSpan().StartsWith("HTTP/1.1 200"u8))
                {
                    throw new InvalidOperationException(Encoding.UTF8.GetString(answer, 0, read));
                }
            },
            cancellationToken);
    }

    private static double[] MeasureModel(IRelayModel model, float[] row, CancellationToken cancellationToken)
    {
        float[] probabilities = new float[model.Active.Schema.OutputWidth];
        return Measure(() => model.Predict(row, probabilities), cancellationToken);
    }

    /// <returns>Microseconds of each call after the warm-up, sorted.</returns>
    private static double[] Measure(Action call, CancellationToken cancellationToken)
    {
        double[] times = new double[Calls];
        for (int i = -WarmUp; i < Calls; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            long start = Stopwatch.GetTimestamp();
            call();
            if (i >= 0)
            {
                times[i] = Stopwatch.GetElapsedTime(start).TotalMicroseconds;
            }
        }

        Array.Sort(times);
        return times;
    }

    private static double At(double[] sorted, double share) => sorted[(int)(sorted.Length * share)];
}
