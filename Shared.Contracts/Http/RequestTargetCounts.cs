namespace Shared.Contracts.Http;

/// <summary>Counts of characters in a request target, percent-decoded once, so that an attack has the same counts however it is escaped.</summary>
internal readonly record struct RequestTargetCounts(int Digits, int Specials, int Uppers, int Lowers, int Spaces, int Parameters)
{
    public static RequestTargetCounts Read(string target)
    {
        int query = target.IndexOf('?');
        string path = Uri.UnescapeDataString(query < 0 ? target : target[..query]);
        string rest = query < 0 ? "" : Uri.UnescapeDataString(target[query..].Replace('+', ' '));

        int digits = 0, specials = 0, uppers = 0, lowers = 0, spaces = 0;
        foreach (ReadOnlySpan<char> part in (ReadOnlySpan<string>)[path, rest])
        {
            foreach (char c in part)
            {
                if (c == ' ')
                {
                    spaces++;
                }
                else if (char.IsDigit(c))
                {
                    digits++;
                }
                else if (!char.IsLetter(c))
                {
                    specials++;
                }
                else if (char.IsUpper(c))
                {
                    uppers++;
                }
                else if (char.IsLower(c))
                {
                    lowers++;
                }
            }
        }

        int parameters = target.AsSpan().Count('&') + (query < 0 ? 0 : 1);
        return new(digits, specials, uppers, lowers, spaces, parameters);
    }
}
