using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text.RegularExpressions;
using Relay.TestKit;

namespace Benchmarks.WebConsole;

/// <summary>The first page of the console with its files.</summary>
/// <param name="PageBytes">Compressed.</param>
/// <param name="HtmlBytes">Of the page as it is.</param>
/// <param name="FileBytes">Style sheet, script and icon, compressed.</param>
internal sealed partial record FirstPage(int PageBytes, int HtmlBytes, int FileBytes)
{
    public const string Path = "/console";

    public static async Task<HttpClient> SignInAsync(TestRelay relay, CancellationToken cancellationToken)
    {
        HttpClient browser = relay.CreateClient(inner => new SessionHandler(inner));
        browser.DefaultRequestHeaders.Add("Accept-Encoding", "br");
        using FormUrlEncodedContent form = new([KeyValuePair.Create("key", relay.AdminKey)]);
        using HttpResponseMessage response = await browser.PostAsync("/console/sign-in", form, cancellationToken);
        return response.StatusCode is HttpStatusCode.SeeOther
            ? browser
            : throw new InvalidOperationException($"The sign-in answered {response.StatusCode}.");
    }

    public static async Task<FirstPage> ReadAsync(HttpClient browser, CancellationToken cancellationToken)
    {
        byte[] compressed = await browser.GetByteArrayAsync(Path, cancellationToken);
        using BrotliStream brotli = new(new MemoryStream(compressed), CompressionMode.Decompress);
        using MemoryStream plain = new();
        await brotli.CopyToAsync(plain, cancellationToken);
        string html = System.Text.Encoding.UTF8.GetString(plain.ToArray());
        int bytes = 0;
        foreach (string file in Asset().Matches(html).Select(match => match.Groups[1].Value))
        {
            bytes += (await browser.GetByteArrayAsync(file, cancellationToken)).Length;
        }

        return new FirstPage(compressed.Length, (int)plain.Length, bytes);
    }

    public string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"compressed, a first visit at {LargeFleet.Nodes:N0} nodes: the page {PageBytes:N0} ({HtmlBytes:N0} of HTML), its files {FileBytes:N0}");

    [GeneratedRegex("(?:href|src)=\"(/console/assets/[^\"]+)\"")]
    private static partial Regex Asset();
}
