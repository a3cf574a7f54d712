using System.CommandLine;
using System.Net;
using Relay.AdminClient;
using Relay.Server.Cli.Configuration;
using Shared.Contracts;
using Shared.Contracts.Api;

namespace Relay.Server.Cli.Status;

/// <summary><c>relay health</c>: the health check of a container whose image has no other program.</summary>
internal static class HealthCommand
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    public static Command Create()
    {
        Option<int> port = NumberOption.Create(
            "--port", "The HTTPS port of the relay on this machine.", Routes.DefaultPort, minimum: 1, IPEndPoint.MaxPort);
        Option<IPAddress?> address = ServeOptions.CreateAddress("The IP address that it listens on. Default: loopback.");
        ConfiguredCommand command = new("health", "Says whether the relay on this machine can do its work; the exit code is 0 only then.")
        {
            Completed = [port, address],
        };
        command.Options.Add(port);
        command.Options.Add(address);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            // Its certificate may be for other names. Nothing secret is sent.
            SocketsHttpHandler handler = new() { AllowAutoRedirect = false };
            handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
            using RelayApi relay = new(new HttpClient(handler)
            {
                BaseAddress = new UriBuilder(Uri.UriSchemeHttps, Host(parsed.GetValue(address)), parsed.GetValue(port)).Uri,
                Timeout = AnswerTime,
            });
            try
            {
                await relay.Client.Status.ReadReadinessAsync(cancellationToken);
                await parsed.InvocationConfiguration.Output.WriteLineAsync("The relay is ready.");
                return 0;
            }
            catch (RelayException refused) when (refused.Status is not null)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync("The relay is not ready: " + DisplayText.EscapeLines(refused.Message));
                return CommandLine.Failed;
            }
        });
        return command;
    }

    // Not localhost: the image may lack the file that says what it is.
    private static string Host(IPAddress? address) =>
        (address is null || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any) ? IPAddress.Loopback : address).ToString();
}
