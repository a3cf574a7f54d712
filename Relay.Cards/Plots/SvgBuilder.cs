using System.Globalization;
using System.Text;
using Relay.Cards.Texts;

namespace Relay.Cards.Plots;

/// <summary>Collects the elements of a picture. Colors are classes of the page's style sheet, so that they fit dark and light and a policy without
/// inline styles holds.</summary>
internal sealed class SvgBuilder
{
    private readonly StringBuilder _elements = new();

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Append($"""<line class="{style}" x1="{x1:0.#}" y1="{y1:0.#}" x2="{x2:0.#}" y2="{y2:0.#}"/>""");

    public void Path(IEnumerable<(double X, double Y)> points, string style) =>
        Append($"""<polyline class="{style}" points="{string.Join(' ', points.Select(p => string.Create(CultureInfo.InvariantCulture, $"{p.X:0.#},{p.Y:0.#}")))}"/>""");

    public void Dot(double x, double y, double radius, string style) =>
        Append($"""<circle class="{style}" cx="{x:0.#}" cy="{y:0.#}" r="{radius:0.#}"/>""");

    public void Box(double x, double y, double width, double height, string style, double opacity = 1) =>
        Append($"""<rect class="{style}" x="{x:0.#}" y="{y:0.#}" width="{Math.Max(0, width):0.#}" height="{Math.Max(0, height):0.#}" fill-opacity="{opacity:0.##}"/>""");

    /// <param name="anchor">start, middle or end.</param>
    public void Text(double x, double y, string text, string anchor, string style = "t") =>
        Append($"""<text class="{style}" x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}">{HtmlText.Encode(text)}</text>""");

    public void TurnedText(double x, double y, string text, string anchor, int degrees) =>
        Append($"""<text class="t" x="{x:0.#}" y="{y:0.#}" text-anchor="{anchor}" transform="rotate({degrees} {x:0.#} {y:0.#})">{HtmlText.Encode(text)}</text>""");

    public string Finish(string id, int width, int height, Plot plot) =>
        $"""
        <svg role="img" aria-labelledby="{id}-title {id}-desc" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
        <title id="{id}-title">{HtmlText.Encode(plot.Title)}</title>
        <desc id="{id}-desc">{HtmlText.Encode(plot.Description)}</desc>
        {_elements}</svg>
        """;

    private void Append(FormattableString element) => _elements.Append(element.ToString(CultureInfo.InvariantCulture)).Append('\n');
}
