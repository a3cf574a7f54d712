using System.CommandLine;
using System.Net;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Relay.Server.Federation;
using Relay.Server.Http.Tls;
using Relay.Server.Storage;
using Relay.Training.Federated;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Federate;

/// <summary><c>relay federate coordinate</c>: carries the messages of one round, and ends with it.</summary>
internal static class FederateCoordinateCommand
{
    /// <summary>For owners to receive the last answers.</summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    public static Command Create()
    {
        RoundFile round = new();
        Option<string> data = new("--data")
        {
            Description = "The folder of the coordinator's TLS certificate.",
            HelpName = "folder",
            DefaultValueFactory = _ => ".relay-federate",
        };
        Option<int> port = NumberOption.Create(
            "--port", "The HTTPS port; 0 picks a free one.", Routes.DefaultPort, IPEndPoint.MinPort, IPEndPoint.MaxPort);
        Option<string[]> names = new("--name")
        {
            Description = "A host name or IP address of the coordinator for its own certificate. Repeat the option for more.",
            HelpName = "host",
            DefaultValueFactory = _ => [],
        };
        Option<string?> certificate = new("--certificate")
        {
            Description = "The PEM file of a certificate chain. Default: the coordinator issues its own certificate.",
            HelpName = "file",
        };
        Option<string?> certificateKey = new("--certificate-key")
        {
            Description = "The PEM file of the private key of --certificate.",
            HelpName = "file",
        };
        Command command = new(
            "coordinate", "Carries the messages of the owners of one round. It sees neither rows nor sums, and ends with the round.")
        {
            round.Argument, data, port, names, certificate, certificateKey,
        };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(certificate) is null)
            {
                GivenOptions.Refuse(parsed, [certificateKey], "is the key of --certificate: set both or none");
            }

            ServerTlsOptions tls = new()
            {
                Names = parsed.GetValue(names)!,
                CertificateFile = parsed.GetValue(certificate),
                CertificateKeyFile = parsed.GetValue(certificateKey),
            };
            return await RunAsync(
                round.Read(parsed), DataFolder.CreateForTls(parsed.GetValue(data)!), tls, parsed.GetValue(port),
                parsed.InvocationConfiguration.Output, cancellationToken);
        });
        return command;
    }

    private static async Task<int> RunAsync(
        RoundDocument round, DataFolder folder, ServerTlsOptions tls, int port, TextWriter output, CancellationToken cancellationToken)
    {
        TextWriter lines = TextWriter.Synchronized(output);
        using RoundBoard board = new(round, TimeProvider.System, lines.WriteLine);
        await using WebApplication app = CoordinatorHost.Build(round, board, folder, tls, address: null, port, TimeProvider.System);

        // Two that issue a certificate at a time would leave the authority of one and the certificate of the other.
        using (folder.AcquireLock())
        {
            await app.StartAsync(cancellationToken);
        }

        foreach (string url in app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses)
        {
            await lines.WriteLineAsync(DisplayText.Format($"Listening on {url}"));
        }

        await lines.WriteLineAsync(DisplayText.Format(
            $"Round sha256 {round.DigestText}, owners {string.Join(", ", round.Owners.Select(o => o.Name))}"));
        if (tls.CertificateFile is null)
        {
            await lines.WriteLineAsync(DisplayText.Format($"Owners trust {folder.AuthorityCertificate}"));
        }

        board.Open();
        RoundEnd end = await board.Ended.WaitAsync(cancellationToken);
        using CancellationTokenSource drain = new(DrainTime);
        await app.StopAsync(drain.Token);
        return end.Fault is { } fault ? throw new CommandException(DisplayText.Format($"the round ended, {fault}: {end.Detail}")) : 0;
    }
}
