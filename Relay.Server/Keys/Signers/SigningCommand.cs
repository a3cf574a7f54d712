using System.ComponentModel;
using System.Diagnostics;
using System.Text;

namespace Relay.Server.Keys.Signers;

/// <summary>Runs an operator's command that signs one digest, with limits on its time and on what it may print.</summary>
internal sealed class SigningCommand(IReadOnlyList<string> command, TimeSpan timeout)
{
    /// <summary>Replaced in the arguments by the digest in lower-case hex.</summary>
    private const string DigestPlaceholder = "{digest}";

    private const int MaximumOutputBytes = 4096;

    /// <summary>Returns what the command printed to standard output.</summary>
    /// <exception cref="SigningException">It cannot be started, fails, is too slow or prints too much.</exception>
    public byte[] Run(byte[] digest) => RunAsync(digest).GetAwaiter().GetResult();

    private async Task<byte[]> RunAsync(byte[] digest)
    {
        using Process process = Start(digest);
        using CancellationTokenSource deadline = new(timeout);
        try
        {
            Task feeding = FeedAsync(process, digest, deadline.Token);
            Task<byte[]> errors = ReadAsync(process.StandardError.BaseStream, deadline.Token);
            byte[] output = await ReadAsync(process.StandardOutput.BaseStream, deadline.Token);
            if (output.Length > MaximumOutputBytes)
            {
                throw Failed($"printed more than {MaximumOutputBytes} bytes");
            }

            await feeding;
            byte[] errorOutput = await errors;
            await process.WaitForExitAsync(deadline.Token);
            return process.ExitCode == 0
                ? output
                : throw Failed($"ended with {process.ExitCode}: {FirstLine(errorOutput)}");
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            throw Failed($"took more than {timeout.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private Process Start(byte[] digest)
    {
        ProcessStartInfo start = new(command[0])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (string argument in command.Skip(1))
        {
            start.ArgumentList.Add(argument.Replace(DigestPlaceholder, Convert.ToHexStringLower(digest), StringComparison.Ordinal));
        }

        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception missing)
        {
            throw new SigningException($"The signing command '{command[0]}' cannot be started: {missing.Message}", missing);
        }
    }

    private static async Task FeedAsync(Process process, byte[] digest, CancellationToken cancellationToken)
    {
        try
        {
            await process.StandardInput.BaseStream.WriteAsync(digest, cancellationToken);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // A command that takes the digest from its arguments may have closed the pipe. What it prints is verified.
        }
    }

    private static async Task<byte[]> ReadAsync(Stream stream, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[MaximumOutputBytes + 1];
        int read = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..read];
    }

    private static string FirstLine(byte[] text) => Encoding.UTF8.GetString(text).Trim().Split('\n')[0].TrimEnd();

    private SigningException Failed(string how) => new($"The signing command '{command[0]}' {how}.");
}
